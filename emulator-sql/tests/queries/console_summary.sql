WITH traffic AS (SELECT event_date AS dt, ad_product_type, campaign_id_string, campaign, SUM(impressions) AS impressions,
    SUM(clicks) AS clicks, SUM(spend)/100000000 AS spend, 0 AS orders, 0 AS sales FROM sponsored_ads_traffic GROUP
    BY 1,2,3,4),
conv AS (SELECT conversion_event_date AS dt, ad_product_type, campaign_id_string, campaign, 0 AS impressions, 0
    AS clicks, 0 AS spend, SUM(purchases_clicks) AS orders, SUM(product_sales_clicks) AS sales FROM amazon_attributed_events_by_conversion_time
    WHERE ad_product_type IS NOT NULL GROUP BY 1,2,3,4)
SELECT dt, ad_product_type, campaign, SUM(impressions) AS impressions, SUM(clicks) AS clicks, SUM(spend) AS spend,
    SUM(orders) AS orders, SUM(sales) AS sales, SUM(spend)/NULLIF(SUM(sales),0) AS acos FROM (SELECT dt, ad_product_type,
    campaign, impressions, clicks, spend, orders, sales FROM traffic UNION ALL SELECT dt, ad_product_type, campaign,
    impressions, clicks, spend, orders, sales FROM conv) GROUP BY 1,2,3
