WITH asin_list (tracked_asin) AS (VALUES ('B000'), ('B001')),
purch AS (
 SELECT user_id, tracked_asin, event_dt_utc, new_to_brand, total_product_sales, purchase_unit_price, total_units_sold
 FROM conversions_all WHERE event_category = 'purchase' AND user_id IS NOT NULL AND purchase_unit_price IS NOT NULL
), firsts AS (
 SELECT user_id, tracked_asin, event_dt_utc AS first_dt,
  RANK() OVER (PARTITION BY user_id ORDER BY event_dt_utc) AS purchase_rank,
  MAX(new_to_brand) OVER (PARTITION BY user_id) AS is_ntb
 FROM purch
), gateway AS (SELECT user_id, tracked_asin AS gateway_asin, first_dt FROM firsts WHERE purchase_rank = 1 AND is_ntb = 1),
later AS (
 SELECT g.gateway_asin, p.tracked_asin AS next_asin, g.user_id, SUM(p.total_product_sales) AS sales, SUM(p.total_units_sold) AS units, COUNT(*) AS orders
 FROM gateway g LEFT JOIN purch p ON g.user_id = p.user_id AND p.event_dt_utc > g.first_dt
 GROUP BY 1,2,3
)
SELECT gateway_asin, COALESCE(next_asin, '(none)') AS next_asin, COUNT(DISTINCT user_id) AS users, SUM(sales) AS sales, SUM(units) AS units,
 SUM(COUNT(DISTINCT user_id)) OVER (PARTITION BY gateway_asin) AS gateway_users,
 COUNT(DISTINCT user_id) / SUM(COUNT(DISTINCT user_id)) OVER (PARTITION BY gateway_asin) AS share,
 DENSE_RANK() OVER (PARTITION BY gateway_asin ORDER BY COUNT(DISTINCT user_id) DESC) AS rnk,
 (gateway_asin IN (SELECT tracked_asin FROM asin_list)) AS listed
FROM later GROUP BY 1, 2
