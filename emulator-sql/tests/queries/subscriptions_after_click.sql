WITH sub AS (SELECT user_id, tracked_asin, MIN(event_dt_utc) AS first_sub FROM conversions_all WHERE event_subtype
    = 'snsSubscription' AND tracked_asin IS NOT NULL GROUP BY 1,2), exp AS (SELECT user_id, MAX(event_dt) AS last_click
    FROM sponsored_ads_traffic WHERE clicks = 1 GROUP BY 1)
SELECT tracked_asin, CASE WHEN e.user_id IS NULL THEN 'organic' WHEN SECONDS_BETWEEN(last_click, first_sub)/86400
    < 7 THEN ROUND(SECONDS_BETWEEN(last_click, first_sub)/86400, 0) ELSE '7+' END AS days, COUNT(DISTINCT s.user_id)
    AS subs FROM sub s LEFT JOIN exp e ON s.user_id = e.user_id GROUP BY 1,2
