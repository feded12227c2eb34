WITH carts AS (
  SELECT user_id, COUNT(session_id) AS sessions FROM amazon_brand_store_engagement_events_for_audiences
  WHERE event_sub_type = 'ADDTOCART' AND user_id IS NOT NULL GROUP BY 1
), dwell AS (
  SELECT user_id, ROUND((SUM(dwell_time) / 60), 0) AS minutes FROM amazon_brand_store_page_views_for_audiences
  WHERE user_id IS NOT NULL GROUP BY 1
)
SELECT c.user_id FROM carts c INNER JOIN dwell d ON c.user_id = d.user_id WHERE d.minutes >= 4
