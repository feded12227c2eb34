WITH ad AS (SELECT DISTINCT user_id FROM dsp_impressions UNION SELECT DISTINCT user_id FROM sponsored_ads_traffic),
c AS (SELECT user_id, event_date_utc, EXTRACT(WEEK FROM event_date_utc) AS wk, SUM(total_units_sold) AS units,
    SUM(total_product_sales) AS sales FROM conversions_all WHERE event_subtype = 'order' AND marketplace_name =
    'AMAZON.COM' GROUP BY 1,2,3)
SELECT wk, CASE WHEN c.user_id IN (SELECT user_id FROM ad WHERE user_id IS NOT NULL) THEN 'exposed' ELSE 'organic'
    END AS grp, COUNT(DISTINCT c.user_id) AS buyers, SUM(units) AS units, SUM(sales) AS sales, SUM(sales)/SUM(units)
    AS asp, MIN(event_date_utc) AS week_start FROM c GROUP BY 1, 2
