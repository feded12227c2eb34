WITH i AS (SELECT user_id, campaign_id_string, MAX(impression_dt_utc) AS dt FROM TABLE(EXTEND_TIME_WINDOW('dsp_impressions','P14D','P0D')) GROUP BY 1,2),
c AS (SELECT user_id, conversion_event_dt_utc AS cdt, total_product_sales, new_to_brand FROM amazon_attributed_events_by_traffic_time WHERE conversion_event_subtype = 'order'),
j AS (SELECT i.campaign_id_string, SECONDS_BETWEEN(i.dt, c.cdt) AS secs, total_product_sales, new_to_brand FROM i INNER JOIN c ON i.user_id = c.user_id AND i.dt < c.cdt)
SELECT campaign_id_string, CASE WHEN secs <= 60*60*24 THEN '1 | < 1 DAY' WHEN secs <= 60*60*24*7 THEN '2 | 1-7 DAYS' ELSE '3 | > 7 DAYS' END AS bucket,
 COUNT(*) AS n, SUM(total_product_sales) AS s, AVG(secs) AS a, MEDIAN(secs) AS m, SUM(CASE WHEN new_to_brand = 1 THEN 1 ELSE 0 END) ntb
FROM j GROUP BY 1, 2
