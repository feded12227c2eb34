WITH joined AS (
  SELECT c.user_id, c.conversion_id, t.campaign, t.event_dt_utc, c.event_dt_utc AS conversion_dt, c.total_product_sales,
    ROW_NUMBER() OVER (PARTITION BY c.conversion_id ORDER BY t.event_dt_utc DESC) AS recency
  FROM conversions c INNER JOIN TABLE(EXTEND_TIME_WINDOW('sponsored_ads_traffic', 'P14D', 'P0D')) t
    ON c.user_id = t.user_id AND t.event_dt_utc <= c.event_dt_utc AND SECONDS_BETWEEN(t.event_dt_utc, c.event_dt_utc) <= 60*60*24*14
  WHERE c.event_subtype = 'order'
), weights AS (
  SELECT conversion_id, campaign, total_product_sales, recency, COUNT(*) OVER (PARTITION BY conversion_id) AS touches,
    MAX(recency) OVER (PARTITION BY conversion_id) AS first_touch
  FROM joined WHERE recency <= 5
)
SELECT campaign, SUM(IF(recency = 1, total_product_sales, 0)) AS last_touch_sales, SUM(IF(recency = first_touch, total_product_sales, 0)) AS first_touch_sales,
  SUM(total_product_sales / touches) AS linear_sales, SUM(1 / touches) AS linear_orders,
  PERCENTILE(touches, 0.5) AS median_touches, STDDEV(touches) AS sd, VARIANCE(touches) AS var, SKEWNESS(touches) AS skew, APPROX_PERCENTILE(touches, 0.9) AS p90
FROM weights
GROUP BY campaign
