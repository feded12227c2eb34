WITH c AS (
  SELECT exposure_type, event_subtype, user_id, conversions, total_product_sales, new_to_brand, event_date_utc
  FROM conversions_all WHERE event_category = 'purchase'
), by_day AS (
  SELECT DATE_TRUNC('week', event_date_utc) AS week_start, exposure_type, COUNT(DISTINCT user_id) AS buyers, SUM(total_product_sales) AS sales,
    SUM(CASE WHEN new_to_brand THEN 1 ELSE 0 END) AS ntb
  FROM c GROUP BY 1, 2
)
SELECT week_start, exposure_type, buyers, sales, ntb, SUM(sales) OVER (PARTITION BY exposure_type ORDER BY week_start) AS running_sales,
  sales / SUM(sales) OVER (PARTITION BY week_start) AS share
FROM by_day
