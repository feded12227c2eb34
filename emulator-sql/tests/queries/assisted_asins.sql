-- Assisted ASINs: what was advertised and what was bought
WITH traffic AS (
  SELECT user_id, creative_asin, event_id, event_dt_utc, campaign, customer_search_term, match_type, targeting
  FROM sponsored_ads_traffic WHERE creative_asin IS NOT NULL
), conv AS (
  SELECT traffic_event_id, tracked_item, tracked_asin, conversion_event_subtype, total_units_sold, total_product_sales, brand_halo_units_sold
  FROM amazon_attributed_events_by_traffic_time WHERE ad_product_type = 'sponsored_products'
)
SELECT t.creative_asin, c.tracked_asin, t.customer_search_term,
  CASE WHEN t.customer_search_term SIMILAR TO '(?i)babbly|kitchora' THEN 'branded' WHEN t.targeting SIMILAR TO '^asin=' THEN 'asin' ELSE 'generic' END AS kind,
  SUM(c.total_units_sold) AS units, SUM(c.total_product_sales) AS sales, SUM(IF(t.creative_asin = c.tracked_asin, 0, 1)) AS assisted,
  COUNT(DISTINCT t.user_id) AS users
FROM traffic t INNER JOIN conv c ON t.event_id = c.traffic_event_id
WHERE c.tracked_asin IS NOT NULL
GROUP BY 1, 2, 3, 4
HAVING SUM(c.total_units_sold) > 0
