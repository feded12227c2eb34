/* --- Path to conversion by campaign groups ---
   REQUIRED UPDATE 1 of 2: list campaigns */
WITH campaign_groups (campaign_id_string, grp) AS (
  VALUES
    -- ('123456', 'DSP - awareness'),
    ('11111111', 'Streaming TV'), ('22222222', 'Display'),
    ('A0XXXXXXXX', 'Sponsored Products')
)
, scoped AS (
  SELECT user_id, impression_dt AS dt, campaign_id_string, 'DSP' AS channel, total_cost / 100000 AS cost, impressions
  FROM dsp_impressions WHERE user_id IS NOT NULL
  UNION ALL
  SELECT user_id, event_dt AS dt, campaign_id_string,
    CASE ad_product_type WHEN 'sponsored_products' THEN 'SP' WHEN 'sponsored_brands' THEN 'SB' WHEN 'sponsored_display' THEN 'SD' ELSE 'STV' END AS channel,
    spend / 100000000 AS cost, impressions
  FROM sponsored_ads_traffic WHERE user_id IS NOT NULL
)
, grouped AS (
  SELECT s.user_id, s.dt, s.cost, s.impressions, COALESCE(g.grp, s.channel) AS grp FROM scoped s LEFT JOIN campaign_groups g ON s.campaign_id_string = g.campaign_id_string
)
, firsts AS (SELECT user_id, grp, MIN(dt) AS first_dt, SUM(cost) AS cost, SUM(impressions) AS impressions FROM grouped GROUP BY 1, 2)
, conv AS (
  SELECT user_id, campaign_id_string, SUM(total_purchases) AS purchases, SUM(total_product_sales) AS sales, MAX(conversion_event_dt) AS last_dt,
    SUM(new_to_brand_total_purchases) AS ntb
  FROM amazon_attributed_events_by_traffic_time WHERE user_id IS NOT NULL AND total_purchases > 0 GROUP BY 1, 2
), convu AS (SELECT user_id, SUM(purchases) purchases, SUM(sales) AS sales, SUM(ntb) AS ntb, MAX(last_dt) AS last_dt FROM conv GROUP BY user_id)
, filtered AS (
  SELECT f.user_id AS imp_user_id, c.user_id AS pur_user_id, f.grp, f.first_dt, f.cost, f.impressions, c.purchases, c.sales, c.ntb
  FROM firsts f LEFT JOIN convu c ON f.user_id = c.user_id
  WHERE (c.user_id IS NOT NULL AND f.first_dt < c.last_dt) OR c.user_id IS NULL
)
, ranked AS (SELECT NAMED_ROW('order', ROW_NUMBER() OVER (PARTITION BY imp_user_id ORDER BY first_dt), 'campaign', grp) AS campaign_order, imp_user_id FROM filtered)
, assembled AS (SELECT ARRAY_SORT(COLLECT(DISTINCT campaign_order)) AS path, imp_user_id FROM ranked GROUP BY imp_user_id)
, dedupe AS (
  SELECT imp_user_id, SUM(impressions) AS impressions, SUM(cost) AS cost, MAX(IF(pur_user_id IS NOT NULL, 1, 0)) AS purchased, MAX(purchases) AS purchases, MAX(sales) AS sales, MAX(ntb) AS ntb
  FROM filtered GROUP BY 1
)
SELECT path, COUNT(DISTINCT a.imp_user_id) AS reach, SUM(impressions) AS impressions, SUM(cost) AS imp_cost, SUM(purchased) AS users_that_purchased,
  SUM(sales) AS sales, SUM(purchases) AS purchases, SUM(ntb) AS ntb, (SUM(purchased) / COUNT(DISTINCT a.imp_user_id)) AS user_purchase_rate, SUM(sales) / NULLIF(SUM(cost), 0) AS roas
FROM assembled a LEFT JOIN dedupe d ON a.imp_user_id = d.imp_user_id
GROUP BY path
