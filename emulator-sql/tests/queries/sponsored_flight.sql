SELECT campaign, campaign_start_date, SUM(impressions) AS imps, SUM(clicks) AS clicks, SUM(spend)/100000000 AS spend
FROM sponsored_ads_traffic WHERE campaign_start_date <= event_date GROUP BY 1, 2
