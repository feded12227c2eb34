WITH ad AS (
 SELECT user_id, event_id AS ad_event_id, event_dt_utc AS dt, ad_product_type, campaign, clicks, impressions FROM
    sponsored_ads_traffic WHERE user_id IS NOT NULL
 UNION ALL SELECT user_id, request_tag AS ad_event_id, impression_dt_utc AS dt, 'amazon_dsp' AS ad_product_type,
    campaign, 0 AS clicks, impressions FROM TABLE(EXTEND_TIME_WINDOW('dsp_impressions', 'P14D', 'P0D')) WHERE user_id
    IS NOT NULL
 UNION ALL SELECT user_id, request_tag, click_dt_utc, 'amazon_dsp', campaign, clicks, 0 FROM TABLE(EXTEND_TIME_WINDOW('dsp_clicks',
    'P14D', 'P0D')) WHERE user_id IS NOT NULL
), cv AS (SELECT user_id, conversion_id, event_dt_utc AS cdt, total_product_sales AS sales, tracked_asin, SUM(conversions)
    AS conversions FROM conversions WHERE event_subtype = 'order' GROUP BY 1,2,3,4,5),
m AS (SELECT a.*, c.conversion_id, c.cdt, c.sales, SECONDS_BETWEEN(a.dt, c.cdt) AS match_age FROM cv c INNER JOIN
    ad a ON a.user_id = c.user_id WHERE SECONDS_BETWEEN(a.dt, c.cdt) BETWEEN 0 AND 14 * 24 * 60 * 60),
r AS (SELECT conversion_id, campaign, ad_product_type, sales, match_age, clicks,
  ROW_NUMBER() OVER (PARTITION BY conversion_id ORDER BY IF(clicks > 0, 0, 1), match_age ASC) AS last_rank,
  ROW_NUMBER() OVER (PARTITION BY conversion_id ORDER BY clicks DESC, match_age DESC) AS first_rank FROM m)
SELECT campaign, ad_product_type, SUM(IF(first_rank = 1, sales, 0)) AS ft_sales, SUM(IF(last_rank = 1, sales, 0))
    AS lt_sales, SUM(CASE WHEN first_rank = 1 THEN 1 ELSE 0 END) AS ft, SUM(CASE WHEN last_rank = 1 THEN 1 ELSE
    0 END) AS lt
FROM r WHERE first_rank = 1 OR last_rank = 1 GROUP BY 1,2
