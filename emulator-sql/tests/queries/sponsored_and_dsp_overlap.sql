WITH imp AS (SELECT user_id, ad_product_type, COUNT(*) AS events FROM sponsored_ads_traffic WHERE ad_product_type
    IN ('sponsored_brands','sponsored_products','sponsored_display') AND user_id IS NOT NULL GROUP BY 1,2
 UNION ALL SELECT user_id, CASE WHEN creative_category = 'Video' THEN 'dsp_video' WHEN supply_source SIMILAR TO
    'STREAMING TV' THEN 'dsp_stv' ELSE 'dsp_display' END, COUNT(*) FROM dsp_impressions WHERE user_id IS NOT NULL
    GROUP BY 1,2),
u AS (SELECT user_id, MAX(IF(ad_product_type = 'sponsored_brands',1,0)) AS sb, MAX(IF(ad_product_type = 'sponsored_products',1,0))
    AS sp, MAX(IF(ad_product_type SIMILAR TO '^dsp',1,0)) AS dsp FROM imp GROUP BY 1),
k AS (SELECT user_id, CASE WHEN sb+sp+dsp = 3 THEN 'All three' WHEN sb = 1 AND sp = 1 THEN 'SB & SP' WHEN sb =
    1 AND dsp = 1 THEN 'SB & DSP' WHEN sp = 1 AND dsp = 1 THEN 'SP & DSP' WHEN sb = 1 THEN 'SB only' WHEN sp =
    1 THEN 'SP only' WHEN dsp = 1 THEN 'DSP only' ELSE 'none' END AS exposure_group FROM u),
c AS (SELECT user_id, SUM(total_purchases) AS purchases, SUM(total_product_sales) AS sales, SUM(IF(new_to_brand
    = true, total_purchases, 0)) AS ntb FROM amazon_attributed_events_by_conversion_time GROUP BY 1)
SELECT exposure_group, COUNT(DISTINCT k.user_id) AS reach, SUM(purchases) AS purchases, SUM(ntb) AS ntb, SUM(ntb)*1.0/SUM(purchases)
    AS ntb_rate, COUNT(DISTINCT c.user_id) / COUNT(DISTINCT k.user_id) AS purchase_rate, SUM(sales) AS sales
FROM k LEFT JOIN c ON k.user_id = c.user_id GROUP BY exposure_group
