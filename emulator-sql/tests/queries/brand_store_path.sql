WITH visits AS (
 SELECT visit_id, session_id, user_id, store_name, page_title, ingress_type, device_type, dwell_time, event_dt_utc, event_date_utc,
   ROW_NUMBER() OVER (PARTITION BY visit_id ORDER BY event_dt_utc) AS step
 FROM amazon_brand_store_page_views WHERE user_id IS NOT NULL
), eng AS (
 SELECT session_id, user_id, COUNT(*) AS engagements, COUNT(DISTINCT asin) AS asins, SUM(IF(event_type = 'Click', 1, 0)) AS clicks, SUM(CASE widget_type WHEN 'Video' THEN 1 ELSE 0 END) AS video
 FROM amazon_brand_store_engagement_events WHERE event_sub_type IS NOT NULL GROUP BY 1, 2
), sess AS (
 SELECT v.session_id, v.user_id, v.store_name, MIN(CASE WHEN v.step = 1 THEN v.ingress_type END) AS entry, ARRAY_TO_STRING(ARRAY_DISTINCT(COLLECT(v.page_title)), ' > ') AS pages, SUM(v.dwell_time) AS dwell, COUNT(DISTINCT v.visit_id) AS visits
 FROM visits v GROUP BY 1,2,3
), c AS (SELECT user_id, SUM(total_purchases) AS purchases, SUM(total_product_sales) AS sales FROM amazon_attributed_events_by_traffic_time GROUP BY 1)
SELECT s.store_name, s.entry, COUNT(DISTINCT s.session_id) AS sessions, COUNT(DISTINCT s.user_id) AS visitors, SUM(s.dwell)/COUNT(DISTINCT s.session_id) AS avg_dwell, SUM(s.visits) AS visits,
 SUM(e.engagements) AS engagements, SUM(e.video) AS video, SUM(c.purchases) AS purchases, SUM(c.sales) AS sales, SUM(c.purchases)/COUNT(DISTINCT s.user_id) AS cvr
FROM sess s LEFT JOIN eng e ON e.session_id = s.session_id AND e.user_id = s.user_id LEFT JOIN c ON c.user_id = s.user_id
GROUP BY s.store_name, s.entry
