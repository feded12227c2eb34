-- Path to conversion
WITH dsp AS (
 SELECT user_id, campaign, MIN(impression_dt_utc) AS first_dt, SUM(impressions) AS imps
 FROM dsp_impressions WHERE user_id IS NOT NULL GROUP BY user_id, campaign
), sa AS (
 SELECT user_id, ad_product_type, MIN(event_dt_utc) AS first_dt FROM sponsored_ads_traffic
 WHERE user_id IS NOT NULL AND ad_product_type IN ('sponsored_products','sponsored_brands') GROUP BY 1,2
), touches AS (
 SELECT user_id, 'DSP' AS channel, first_dt FROM dsp
 UNION ALL
 SELECT user_id, IF(ad_product_type = 'sponsored_products','SP','SB') AS channel, first_dt FROM sa
), ranked AS (
 SELECT NAMED_ROW('order', ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY first_dt), 'channel', channel) AS campaign_order, user_id
 FROM touches
), paths AS (
 SELECT ARRAY_SORT(COLLECT(DISTINCT campaign_order)) AS path, user_id FROM ranked GROUP BY user_id
), conv AS (
 SELECT user_id, SUM(total_purchases) AS purchases, SUM(total_product_sales) AS sales
 FROM amazon_attributed_events_by_conversion_time WHERE user_id IS NOT NULL GROUP BY 1
)
SELECT path, COUNT(DISTINCT p.user_id) AS reach, SUM(IF(c.purchases > 0, 1, 0)) AS users_that_purchased,
 SUM(c.sales) AS sales, SUM(c.purchases) AS purchases, SUM(IF(c.purchases > 0,1,0))/COUNT(DISTINCT p.user_id) AS rate
FROM paths p LEFT JOIN conv c ON c.user_id = p.user_id GROUP BY path
