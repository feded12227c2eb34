/* DSP and sponsored ads overlap: one row per exposure group */
-- Instructional style: exposure groups by user, then reach, purchases and rates
WITH impressions AS (
  SELECT user_id, 'DSP' AS source, SUM(impressions) AS impressions, SUM(total_cost) / 100000 AS total_cost
  FROM dsp_impressions
  WHERE user_id IS NOT NULL
  GROUP BY 1, 2
  UNION ALL
  SELECT user_id,
    CASE WHEN ad_product_type = 'sponsored_products' THEN 'SP'
         WHEN ad_product_type = 'sponsored_brands' THEN 'SB'
         WHEN ad_product_type = 'sponsored_display' THEN 'SD'
         ELSE 'OTHER' END AS source,
    SUM(impressions) AS impressions, SUM(spend) / 100000000 AS total_cost
  FROM sponsored_ads_traffic
  WHERE user_id IS NOT NULL
  GROUP BY 1, 2
), converted AS (
  SELECT user_id,
    CASE WHEN ad_product_type IS NULL THEN 'DSP' WHEN ad_product_type = 'sponsored_products' THEN 'SP'
         WHEN ad_product_type = 'sponsored_brands' THEN 'SB' ELSE 'SD' END AS source,
    SUM(total_purchases) AS purchases, SUM(total_product_sales) AS product_sales,
    SUM(new_to_brand_total_purchases) AS ntb
  FROM amazon_attributed_events_by_traffic_time
  WHERE user_id IS NOT NULL
  GROUP BY 1, 2
), combined AS (
  SELECT COALESCE(i.user_id, c.user_id) AS user_id, COALESCE(i.source, c.source) AS source,
    COALESCE(impressions, 0) AS impressions, COALESCE(total_cost, 0) AS total_cost,
    COALESCE(purchases, 0) AS purchases, COALESCE(product_sales, 0) AS product_sales, COALESCE(ntb, 0) AS ntb
  FROM impressions i FULL OUTER JOIN converted c ON i.user_id = c.user_id AND i.source = c.source
), by_user AS (
  SELECT user_id, ARRAY_SORT(COLLECT(DISTINCT source)) AS exposure_group, SUM(impressions) AS impressions,
    SUM(total_cost) AS total_cost, SUM(purchases) AS purchases, SUM(product_sales) AS product_sales, SUM(ntb) AS ntb
  FROM combined
  GROUP BY user_id
)
SELECT exposure_group, COUNT(DISTINCT user_id) AS unique_reach, SUM(impressions) AS impressions,
  SUM(total_cost) AS cost, COUNT(DISTINCT IF(purchases > 0, user_id, NULL)) AS users_that_purchased,
  SUM(purchases) AS purchases, SUM(product_sales) AS sales, SUM(ntb) AS ntb_purchases,
  COUNT(DISTINCT IF(purchases > 0, user_id, NULL)) / COUNT(DISTINCT user_id) AS purchase_rate
FROM by_user
GROUP BY exposure_group
