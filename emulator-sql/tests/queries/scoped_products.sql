WITH asin_list (asin, product_line_name) AS (VALUES ('B0AAAAAAAA', 'Line 1'), ('B0BBBBBBBB', 'Line 2')), camps(campaign_id)
    AS (VALUES (1),(2),(3)), dates (start_date, end_date) AS (VALUES ('2025-09-01','2025-09-10'))
SELECT COALESCE(a.product_line_name, 'Other') AS product_line_name, IF(c.campaign_id IN (SELECT campaign_id FROM
    camps), 'in', 'out') AS scope, SUM(c.purchases) AS p, SUM(c.units_sold) AS u, SUM(IF(conversion_event_date
    BETWEEN CAST(d.start_date AS DATE) AND CAST(d.end_date AS DATE), c.product_sales, 0)) AS early FROM amazon_attributed_events_by_traffic_time
    c LEFT JOIN asin_list a ON c.tracked_asin = a.asin CROSS JOIN dates d GROUP BY 1,2
