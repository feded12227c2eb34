WITH rfm AS (SELECT user_id, SECONDS_BETWEEN(MAX(event_dt_utc), CAST('now' AS TIMESTAMP))/86400 AS recency, COUNT(DISTINCT
    conversion_id) AS frequency, SUM(total_product_sales) AS monetary FROM conversions_all WHERE event_subtype
    = 'order' AND user_id IS NOT NULL GROUP BY user_id), q AS (SELECT user_id, recency, frequency, monetary, NTILE(5)
    OVER (ORDER BY recency DESC) AS r, NTILE(5) OVER (ORDER BY monetary) AS m, PERCENT_RANK() OVER (ORDER BY frequency)
    AS f FROM rfm) SELECT r, m, CASE WHEN f >= 0.8 THEN 5 WHEN f >= 0.4 THEN 3 ELSE 1 END AS f, COUNT(*) AS users,
    SUM(monetary) AS sales FROM q GROUP BY 1, 2, 3
