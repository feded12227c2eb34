WITH s AS (SELECT user_id, SUM(total_product_sales) AS sales FROM amazon_attributed_events_by_conversion_time_for_audiences
    WHERE user_id IS NOT NULL GROUP BY 1),
r AS (SELECT user_id, sales, PERCENTILE(sales, 0.8) OVER () AS p80, RANK() OVER (ORDER BY sales DESC) AS rk, COUNT(user_id)
    OVER () AS n FROM s)
SELECT user_id FROM r WHERE rk <= 0.2 * n
