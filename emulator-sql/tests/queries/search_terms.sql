SELECT campaign, targeting, match_type, customer_search_term, CASE WHEN LOWER(customer_search_term) LIKE '%set%'
    THEN 'Set' WHEN customer_search_term SIMILAR TO '(?i)(gift|pack)' THEN 'Gift' ELSE 'Other' END AS term_class,
 SUM(impressions) impressions, SUM(clicks) clicks, SUM(spend)/100000000 AS spend, SUM(clicks)/NULLIF(SUM(impressions),0)
    AS ctr, (SUM(spend)/100000000)/SUM(CASE WHEN clicks > 0 THEN clicks END) AS cpc
FROM sponsored_ads_traffic WHERE ad_product_type = 'sponsored_products' AND line_item_price_type = 'CPC' AND match_type
    IN ('BROAD','PHRASE','EXACT','TARGETING_EXPRESSION') GROUP BY 1,2,3,4,5
