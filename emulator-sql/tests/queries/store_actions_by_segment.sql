WITH shoppers AS (
  SELECT user_id, event_sub_type AS action, COUNT(DISTINCT session_id) AS sessions -- one row a shopper and action
  FROM amazon_brand_store_engagement_events
  WHERE event_sub_type IN ('ADDTOCART', 'PREORDERADDTOCART', 'PROCEEDTOCHECKOUT') AND user_id IS NOT NULL
  GROUP BY 1, 2
), totals AS (
  SELECT action, COUNT(DISTINCT user_id) AS shoppers FROM shoppers GROUP BY 1
), members AS (
  SELECT s.action, m.segment_name, COUNT(DISTINCT s.user_id) AS in_segment, SUM(s.sessions) AS sessions
  FROM shoppers s INNER JOIN audience_segments_amer_lifestyle m ON s.user_id = m.user_id
  WHERE m.segment_marketplace_id = 1
  GROUP BY 1, 2
)
SELECT m.action, m.segment_name, m.in_segment, t.shoppers, ROUND(m.in_segment / t.shoppers * 100, 1) AS share
FROM members m INNER JOIN totals t ON m.action = t.action
WHERE ROUND(m.in_segment / t.shoppers * 100, 1) >= 5
