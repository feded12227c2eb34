-- Instructional query: Display, Streaming TV, OLV, SP, SB, SD overlap
WITH camp AS (
 SELECT user_id, 'Display' AS tactic, impressions, total_cost AS cost FROM dsp_impressions WHERE user_id IS NOT NULL AND creative_category = 'Display' AND supply_source NOT SIMILAR TO '(?i)(STREAMING TV|TWITCH)'
 UNION ALL
 SELECT user_id, 'STV' AS tactic, impressions, total_cost AS cost FROM dsp_impressions WHERE user_id IS NOT NULL AND supply_source SIMILAR TO 'STREAMING TV|FIRE_TV'
 UNION ALL
 SELECT user_id, CASE WHEN ad_product_type = 'sponsored_products' THEN 'SP' WHEN ad_product_type = 'sponsored_brands' THEN 'SB' WHEN ad_product_type = 'sponsored_display' THEN 'SD' ELSE 'STVS' END AS tactic, impressions, spend / 1000 AS cost FROM sponsored_ads_traffic WHERE user_id IS NOT NULL
),
flags AS (
 SELECT user_id, UUID() AS row_id,
  MAX(CASE WHEN tactic = 'Display' THEN 1 ELSE 0 END) AS is_display,
  MAX(CASE WHEN tactic = 'STV' THEN 1 ELSE 0 END) AS is_stv,
  MAX(IF(tactic = 'SP', 1, 0)) AS is_sp,
  MAX(IF(tactic = 'SB', 1, 0)) AS is_sb,
  MAX(IF(tactic = 'SD', 1, 0)) AS is_sd,
  SUM(impressions) AS impressions, SUM(cost) AS cost
 FROM camp GROUP BY 1
),
conv AS (
 SELECT user_id, SUM(purchases) AS purchases, SUM(total_purchases) AS total_purchases, SUM(total_product_sales) AS total_product_sales, MAX(CASE WHEN new_to_brand = TRUE THEN 1 ELSE 0 END) AS ntb
 FROM amazon_attributed_events_by_conversion_time GROUP BY user_id
),
grouped AS (
 SELECT CASE
   WHEN is_display = 1 AND is_stv = 0 AND is_sp = 0 AND is_sb = 0 AND is_sd = 0 THEN 'Display only'
   WHEN is_display = 0 AND is_stv = 1 AND is_sp = 0 AND is_sb = 0 AND is_sd = 0 THEN 'STV only'
   WHEN is_sp = 1 AND is_display + is_stv + is_sb + is_sd = 0 THEN 'SP only'
   WHEN (is_display = 1 OR is_stv = 1) AND (is_sp = 1 OR is_sb = 1 OR is_sd = 1) THEN 'DSP and SA'
   WHEN is_display = 1 AND is_stv = 1 THEN 'DSP both'
   ELSE 'Other' END AS exposure_group,
   f.user_id, f.row_id, f.impressions, f.cost, c.purchases, c.total_purchases, c.total_product_sales, c.ntb
 FROM flags f LEFT JOIN conv c ON f.user_id = c.user_id
)
SELECT exposure_group,
 COUNT(DISTINCT g.user_id) AS unique_reach,
 COUNT(DISTINCT g.row_id) AS rows_,
 SUM(impressions) AS impressions,
 SUM(cost)/100000 AS cost_,
 COUNT(DISTINCT IF(total_purchases > 0, g.user_id, NULL)) AS users_that_purchased,
 SUM(total_purchases) AS total_purchases,
 SUM(total_product_sales) AS sales,
 SUM(ntb) AS ntb_users,
 COUNT(DISTINCT IF(total_purchases > 0, g.user_id, NULL)) / COUNT(DISTINCT g.user_id) AS purchase_rate,
 ROUND(SUM(total_product_sales)/NULLIF(SUM(cost)/100000, 0), 2) AS roas
FROM grouped g GROUP BY 1
