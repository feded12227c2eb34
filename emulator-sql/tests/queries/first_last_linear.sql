-- Custom attribution: first touch, last touch, linear, position based
WITH touch AS (
 SELECT user_id, campaign_id_string AS cid, campaign, impression_dt_utc AS event_dt_utc, 'dsp' AS channel, request_tag AS eid FROM TABLE(EXTEND_TIME_WINDOW('dsp_impressions', 'P14D', 'P0D')) WHERE user_id IS NOT NULL
 UNION ALL
 SELECT user_id, campaign_id_string AS cid, campaign, event_dt_utc, 'sa' AS channel, event_id AS eid FROM TABLE(EXTEND_TIME_WINDOW('sponsored_ads_traffic', 'P14D', 'P0D')) s WHERE user_id IS NOT NULL AND s.clicks = 1
), conv AS (
 SELECT user_id, conversion_id, event_dt_utc AS conv_dt, total_product_sales, total_units_sold, new_to_brand
 FROM conversions WHERE event_subtype = 'order' AND user_id IS NOT NULL
), joined AS (
 SELECT c.conversion_id, c.user_id, c.conv_dt, c.total_product_sales, t.campaign, t.cid, t.channel, t.event_dt_utc,
  ROW_NUMBER() OVER (PARTITION BY c.conversion_id ORDER BY t.event_dt_utc) AS rn_first,
  ROW_NUMBER() OVER (PARTITION BY c.conversion_id ORDER BY t.event_dt_utc DESC) AS rn_last,
  COUNT(t.eid) OVER (PARTITION BY c.conversion_id) AS touches
 FROM conv c INNER JOIN touch t ON c.user_id = t.user_id
  AND SECONDS_BETWEEN(t.event_dt_utc, c.conv_dt) BETWEEN 0 AND 60*60*24*14
), weights AS (
 SELECT conversion_id, campaign, channel, total_product_sales,
  IF(rn_first = 1, 1.0, 0.0) AS w_first,
  IF(rn_last = 1, 1.0, 0.0) AS w_last,
  1 / touches AS w_linear,
  CASE WHEN touches = 1 THEN 1.0 WHEN touches = 2 THEN 0.5 WHEN rn_first = 1 OR rn_last = 1 THEN 0.4 ELSE 0.2 / (touches - 2) END AS w_pos
 FROM joined
)
SELECT campaign, channel,
 SUM(w_first) AS first_touch_conversions, SUM(w_last) AS last_touch, SUM(w_linear) AS linear, SUM(w_pos) AS position_based,
 SUM(w_first * total_product_sales) AS first_sales, SUM(w_linear * total_product_sales) AS linear_sales,
 COUNT(DISTINCT conversion_id) AS convs
FROM weights GROUP BY campaign, channel HAVING SUM(w_linear) > 0
