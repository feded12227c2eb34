-- exposed / unexposed split with FULL OUTER JOIN and stacked summary
WITH e AS (SELECT user_id, 1 AS exposed FROM dsp_impressions WHERE user_id IS NOT NULL GROUP BY user_id),
c AS (SELECT user_id, SUM(total_product_sales) AS sales, COUNT(*) AS orders FROM conversions_all WHERE event_category = 'purchase' GROUP BY user_id),
j AS (SELECT COALESCE(e.user_id, c.user_id) AS user_id, IFNULL(e.exposed, 0) AS exposed, NVL(c.orders, 0) AS orders, NVL2(c.sales, c.sales, 0) AS sales FROM e FULL OUTER JOIN c ON e.user_id = c.user_id),
s AS (SELECT exposed, COUNT(DISTINCT user_id) AS users, SUM(orders) AS orders, SUM(sales) AS sales FROM j GROUP BY exposed)
SELECT 'Exposed' AS grp, users, orders, sales, orders/users AS rate FROM s WHERE exposed = 1
UNION ALL SELECT 'Unexposed' AS grp, users, orders, sales, orders/users AS rate FROM s WHERE exposed = 0
UNION ALL SELECT 'Total' AS grp, SUM(users), SUM(orders), SUM(sales), SUM(orders)/SUM(users) FROM s
UNION ALL SELECT 'Lift' AS grp, NULL, NULL, NULL, (MAX(IF(exposed=1, orders/users, NULL)) - MAX(IF(exposed=0, orders/users, NULL))) / MAX(IF(exposed=0, orders/users, NULL)) FROM s
