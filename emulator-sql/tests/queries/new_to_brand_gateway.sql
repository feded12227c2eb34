WITH ntb AS (
  SELECT user_id, tracked_asin, conversion_event_dt_utc, total_product_sales,
    ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY conversion_event_dt_utc) AS purchase_number
  FROM amazon_attributed_events_by_conversion_time
  WHERE tracked_asin IS NOT NULL AND conversion_event_subtype = 'order' AND user_id IS NOT NULL
), first_asin AS (
  SELECT user_id, tracked_asin AS gateway_asin, conversion_event_dt_utc AS dt FROM ntb WHERE purchase_number = 1
), later AS (
  SELECT f.gateway_asin, n.tracked_asin AS next_asin, n.user_id, n.total_product_sales, SECONDS_BETWEEN(f.dt, n.conversion_event_dt_utc) AS gap
  FROM first_asin f INNER JOIN ntb n ON f.user_id = n.user_id AND n.purchase_number > 1
)
SELECT gateway_asin, next_asin, COUNT(DISTINCT user_id) AS users, SUM(total_product_sales) AS sales,
  AVG(gap) / (60 * 60 * 24) AS avg_days, RANK() OVER (PARTITION BY gateway_asin ORDER BY COUNT(DISTINCT user_id) DESC) AS rnk
FROM later
GROUP BY 1, 2
