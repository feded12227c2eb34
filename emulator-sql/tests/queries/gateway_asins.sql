WITH purchases AS (
 SELECT user_id, tracked_asin, new_to_brand, event_dt_utc, RANK() OVER (PARTITION BY user_id ORDER BY event_dt_utc)
    AS purchase_order, total_product_sales
 FROM TABLE(EXTEND_TIME_WINDOW('conversions', 'P365D', 'P0D')) WHERE event_category = 'purchase' AND user_id IS
    NOT NULL),
g AS (SELECT user_id, tracked_asin AS gateway_asin, event_dt_utc FROM purchases WHERE purchase_order = 1 AND new_to_brand
    = TRUE AND event_dt_utc >= BUILT_IN_PARAMETER('TIME_WINDOW_START') AND event_dt_utc < BUILT_IN_PARAMETER('TIME_WINDOW_END'))
SELECT g.gateway_asin, p.tracked_asin AS next_asin, COUNT(DISTINCT p.user_id) AS customers, AVG(SECONDS_BETWEEN(g.event_dt_utc,
    p.event_dt_utc))/86400 AS avg_days, SUM(p.total_product_sales) AS sales
FROM g INNER JOIN purchases p ON g.user_id = p.user_id AND p.purchase_order > 1 GROUP BY 1,2
