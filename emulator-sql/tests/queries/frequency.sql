-- Optimal frequency distribution by campaign
WITH freq AS (
  SELECT user_id, campaign_id_string, campaign, SUM(impressions) AS imp_freq, SUM(total_cost) AS cost
  FROM dsp_impressions
  WHERE user_id IS NOT NULL
  GROUP BY 1, 2, 3
), purchases AS (
  SELECT user_id, campaign_id_string, SUM(total_purchases) AS purchases, SUM(total_detail_page_view) AS dpv,
    SUM(new_to_brand_total_purchases) AS ntb_purchases
  FROM amazon_attributed_events_by_traffic_time
  WHERE user_id IS NOT NULL AND advertiser_id IS NOT NULL
  GROUP BY 1, 2
), bucketed AS (
  SELECT f.user_id, f.campaign, f.cost,
    IF(f.imp_freq >= 7, '7+', CAST(f.imp_freq AS VARCHAR)) AS frequency_bucket,
    IF(p.purchases > 0, 1, 0) AS purchased, COALESCE(p.dpv, 0) AS dpv, p.ntb_purchases
  FROM freq f LEFT JOIN purchases p ON f.user_id = p.user_id AND f.campaign_id_string = p.campaign_id_string
)
SELECT campaign, frequency_bucket, COUNT(user_id) AS users, SUM(cost) / 100000 AS cost_usd,
  SUM(purchased) AS purchasers, ROUND(SUM(purchased) / COUNT(user_id) * 100, 2) AS purchase_rate_pct, SUM(dpv) AS dpv,
  SUM(ntb_purchases) AS ntb
FROM bucketed
GROUP BY campaign, frequency_bucket
