WITH views AS (SELECT user_id, page_title, ingress_type, channel, SUM(dwell_time) AS dwell, COUNT(DISTINCT visit_id) AS visits FROM amazon_brand_store_page_views WHERE user_id IS NOT NULL GROUP BY 1, 2, 3, 4),
buys AS (SELECT user_id, COUNT(*) AS orders, SUM(purchase_units_sold * unit_price) AS revenue FROM amazon_retail_purchases WHERE user_id IS NOT NULL GROUP BY 1)
SELECT v.page_title, v.ingress_type, COUNT(DISTINCT v.user_id) AS users, SUM(v.dwell) / SUM(v.visits) AS dwell_per_visit, SUM(b.orders) AS orders, SUM(b.revenue) AS revenue
FROM views v LEFT JOIN buys b ON v.user_id = b.user_id
GROUP BY 1, 2
