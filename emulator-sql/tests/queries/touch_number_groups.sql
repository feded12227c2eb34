-- order of exposure by number, grouped by alias
SELECT ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY impression_dt_utc) AS impression_number, campaign, COUNT(DISTINCT user_id) AS users, SUM(impressions) AS imps
FROM dsp_impressions WHERE user_id IS NOT NULL
GROUP BY impression_number, campaign
