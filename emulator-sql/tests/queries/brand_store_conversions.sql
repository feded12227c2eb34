WITH store AS (SELECT user_id, MIN(event_dt_utc) AS visit_dt FROM amazon_brand_store_page_views_non_endemic WHERE
    user_id IS NOT NULL GROUP BY 1 UNION ALL SELECT user_id, MIN(event_dt_utc) FROM amazon_brand_store_page_views
    WHERE user_id IS NOT NULL GROUP BY user_id),
o AS (SELECT user_id, event_dt_utc, total_product_sales FROM conversions WHERE event_subtype = 'order')
SELECT IF(s.user_id IS NULL, 'no visit', 'visited') AS grp, COUNT(DISTINCT o.user_id) AS buyers, SUM(total_product_sales)
    AS sales, SUM(total_product_sales)/COUNT(DISTINCT o.user_id) AS aov FROM o LEFT JOIN store s ON o.user_id =
    s.user_id AND s.visit_dt <= o.event_dt_utc GROUP BY 1
