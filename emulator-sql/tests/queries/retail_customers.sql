WITH cust AS (SELECT user_id, asin_brand, COUNT(DISTINCT purchase_id) AS orders, SUM(purchase_units_sold * unit_price)
    AS spend, MIN(purchase_dt_utc) AS first_dt, MAX(purchase_dt_utc) AS last_dt FROM TABLE(EXTEND_TIME_WINDOW('amazon_retail_purchases','P365D','P0D'))
    WHERE user_id IS NOT NULL GROUP BY 1,2)
SELECT asin_brand, CASE WHEN orders = 1 THEN '1' WHEN orders <= 3 THEN '2-3' ELSE '4+' END AS order_bucket, CASE
    WHEN SECONDS_BETWEEN(last_dt, CAST('today' AS DATE)) <= 60*60*24*30 THEN 'active' ELSE 'lapsed' END AS recency,
    COUNT(DISTINCT user_id) AS customers, SUM(spend) AS spend, AVG(spend/orders) AS aov, STDDEV(spend) AS sd FROM
    cust GROUP BY 1,2,3
