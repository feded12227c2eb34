WITH p AS (SELECT user_id, tracked_item, total_product_sales, event_dt_utc, RANK() OVER (PARTITION BY user_id ORDER
    BY event_dt_utc DESC, tracked_item) AS r FROM conversions_for_audiences WHERE event_subtype = 'order' AND user_id
    IS NOT NULL), med AS (SELECT MEDIAN(total_product_sales) AS m FROM p) SELECT p.user_id FROM p CROSS JOIN med
    WHERE p.r = 1 AND p.total_product_sales >= med.m
