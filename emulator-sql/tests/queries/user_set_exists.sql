SELECT CASE WHEN i.user_id IN (SELECT user_id FROM sponsored_ads_traffic WHERE clicks = 1 AND user_id IS NOT NULL) THEN 'DSP + SP click' ELSE 'DSP only' END AS exposure,
 COUNT(DISTINCT i.user_id) AS reach, SUM(i.impressions) AS imps
FROM dsp_impressions i
WHERE EXISTS (SELECT 1 FROM conversions c WHERE c.user_id = i.user_id AND c.event_dt_utc > i.impression_dt_utc) AND i.user_id NOT IN (SELECT user_id FROM amazon_live_traffic WHERE user_id IS NOT NULL AND clicks = 1)
GROUP BY exposure
