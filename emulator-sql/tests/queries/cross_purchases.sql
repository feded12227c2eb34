WITH sa AS (SELECT user_id, traffic_event_id, tracked_asin, conversion_event_dt, MAX(new_to_brand) = 1 AS ntb FROM
    amazon_attributed_events_by_traffic_time WHERE ad_product_type IS NOT NULL AND tracked_asin IS NOT NULL GROUP
    BY 1,2,3,4),
t AS (SELECT event_id, creative_asin, user_id, event_date FROM sponsored_ads_traffic WHERE creative_asin IS NOT
    NULL AND clicks = 1)
SELECT creative_asin AS advertised, tracked_asin AS purchased, ntb, COUNT(DISTINCT sa.user_id) AS users, AVG(SECONDS_BETWEEN(t.event_date,
    sa.conversion_event_dt)) AS avg_secs, IF(creative_asin = tracked_asin, 'same', 'cross') AS kind FROM sa INNER
    JOIN t ON sa.traffic_event_id = t.event_id GROUP BY 1,2,3,6
