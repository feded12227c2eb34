WITH imps AS (SELECT user_id, COUNT(DISTINCT impression_dt) AS n FROM dsp_impressions_for_audiences WHERE campaign
    SIMILAR TO 'Display' GROUP BY 1 HAVING COUNT(DISTINCT impression_dt) BETWEEN 1 AND 10), conv AS (SELECT DISTINCT
    user_id FROM amazon_attributed_events_by_traffic_time_for_audiences WHERE total_purchases > 0), cl AS (SELECT
    user_id FROM sponsored_ads_traffic_for_audiences WHERE clicks > 0)
SELECT i.user_id FROM imps i WHERE i.user_id NOT IN (SELECT user_id FROM conv WHERE user_id IS NOT NULL) UNION
    SELECT user_id FROM cl
