WITH tp AS (SELECT user_id, campaign, impression_dt AS dt FROM dsp_impressions WHERE user_id IS NOT NULL UNION
    ALL SELECT user_id, campaign, event_dt FROM sponsored_ads_traffic WHERE user_id IS NOT NULL AND clicks = 1),
o AS (SELECT user_id, campaign, dt, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY dt) AS seq, LEAD(campaign)
    OVER (PARTITION BY user_id ORDER BY dt) AS nxt FROM tp)
SELECT campaign AS from_state, COALESCE(nxt, CASE WHEN user_id IN (SELECT user_id FROM conversions WHERE event_subtype
    = 'order' AND user_id IS NOT NULL) THEN 'conversion' ELSE 'null' END) AS to_state, COUNT(*) AS transitions,
    COUNT(DISTINCT user_id) AS users FROM o WHERE seq <= 10 GROUP BY 1,2
