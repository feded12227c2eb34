-- 15 CTEs, cross product of channels, every one used twice
WITH params AS (SELECT CAST(BUILT_IN_PARAMETER('TIME_WINDOW_START') AS DATE) AS start_dt, CAST(BUILT_IN_PARAMETER('TIME_WINDOW_END') AS DATE) AS end_dt),
dsp0 AS (SELECT user_id, campaign_id_string AS cid, campaign, impression_dt_utc AS dt, impressions, 0 AS clicks, total_cost/100000 AS cost FROM dsp_impressions WHERE user_id IS NOT NULL),
dspc AS (SELECT user_id, campaign_id_string AS cid, campaign, click_dt_utc AS dt, 0 AS impressions, clicks, 0 AS cost FROM dsp_clicks WHERE user_id IS NOT NULL),
sa0 AS (SELECT user_id, campaign_id_string AS cid, campaign, event_dt_utc AS dt, impressions, clicks, spend/100000000 AS cost, ad_product_type FROM sponsored_ads_traffic WHERE user_id IS NOT NULL),
sp AS (SELECT user_id, cid, campaign, dt, impressions, clicks, cost FROM sa0 WHERE ad_product_type = 'sponsored_products'),
sb AS (SELECT user_id, cid, campaign, dt, impressions, clicks, cost FROM sa0 WHERE ad_product_type = 'sponsored_brands'),
sd AS (SELECT user_id, cid, campaign, dt, impressions, clicks, cost FROM sa0 WHERE ad_product_type = 'sponsored_display'),
alls AS (SELECT 'DSP' AS ch, user_id, cid, campaign, dt, impressions, clicks, cost FROM dsp0 UNION ALL SELECT 'DSP', user_id, cid, campaign, dt, impressions, clicks, cost FROM dspc UNION ALL SELECT 'SP', user_id, cid, campaign, dt, impressions, clicks, cost FROM sp UNION ALL SELECT 'SB', user_id, cid, campaign, dt, impressions, clicks, cost FROM sb UNION ALL SELECT 'SD', user_id, cid, campaign, dt, impressions, clicks, cost FROM sd),
u AS (SELECT user_id, ARRAY_SORT(COLLECT(DISTINCT ch)) AS chs, SUM(impressions) AS impressions, SUM(clicks) AS clicks, SUM(cost) AS cost, MIN(dt) AS first_dt, MAX(dt) AS last_dt FROM alls, params p WHERE dt >= p.start_dt AND dt < p.end_dt GROUP BY 1),
cv AS (SELECT user_id, SUM(conversions) AS conv, SUM(IF(event_subtype='order', 1, 0)) AS orders, SUM(total_product_sales) AS sales, MIN(event_dt_utc) AS conv_dt FROM conversions GROUP BY 1),
uc AS (SELECT u.user_id, u.chs, u.impressions, u.clicks, u.cost, CASE WHEN cv.conv_dt >= u.first_dt THEN cv.orders ELSE 0 END AS orders, CASE WHEN cv.conv_dt >= u.first_dt THEN cv.sales ELSE 0 END AS sales FROM u LEFT JOIN cv ON u.user_id = cv.user_id),
agg AS (SELECT chs, COUNT(DISTINCT user_id) AS reach, SUM(impressions) AS impressions, SUM(clicks) AS clicks, SUM(cost) AS cost, SUM(orders) AS orders, SUM(sales) AS sales, COUNT(DISTINCT IF(orders > 0, user_id, NULL)) AS buyers FROM uc GROUP BY chs),
tot AS (SELECT SUM(reach) AS reach, SUM(sales) AS sales FROM agg),
ranked AS (SELECT a.chs, a.reach, a.impressions, a.clicks, a.cost, a.orders, a.sales, a.buyers, a.reach/t.reach AS share, RANK() OVER (ORDER BY a.reach DESC) AS rnk FROM agg a CROSS JOIN tot t),
final AS (SELECT r.chs, r.reach, r.share, r.impressions, r.clicks, r.cost, r.orders, r.sales, r.buyers/r.reach AS purchase_rate, r.sales/NULLIF(r.cost, 0) AS roas, r.rnk FROM ranked r WHERE r.rnk <= 20)
SELECT chs AS exposure_combination, reach, share, impressions, clicks, ROUND(cost, 2) AS cost, orders, sales, purchase_rate, roas, rnk FROM final
