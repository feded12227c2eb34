WITH visits AS (
  SELECT ingress_type, reference_id, referrer_domain, session_id,
    IF(event_sub_type = 'DETAILPAGE', 1, 0) AS detail, IF(event_sub_type = 'ADDTOCART', 1, 0) AS cart
  FROM amazon_brand_store_engagement_events
)
SELECT CASE ingress_type WHEN 4 THEN 'ad' WHEN 2 THEN 'byline' WHEN 1 THEN 'search' ELSE 'other' END AS came_by,
  COALESCE(reference_id, 'none') AS reference, referrer_domain, SUM(detail) AS details, SUM(cart) AS carts,
  COUNT(DISTINCT session_id) AS sessions, SUM(cart) / COUNT(DISTINCT session_id) AS cart_rate
FROM visits GROUP BY 1, 2, 3
