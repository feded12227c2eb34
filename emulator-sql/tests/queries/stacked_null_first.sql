-- campaigns of several products in one report: missing metrics are NULL in the first part
SELECT 'SP' AS product, campaign, NULL AS first_seen, NULL AS devices, NULL AS owned, NULL AS cost_dsp, SUM(clicks) AS clicks, SUM(spend)/100000000 AS spend FROM sponsored_ads_traffic GROUP BY 1, 2
UNION ALL
SELECT 'DSP' AS product, campaign, MIN(impression_date) AS first_seen, ARRAY_SORT(COLLECT(DISTINCT device_type)) AS devices, MAX(is_amazon_owned) AS owned, SUM(total_cost)/100000 AS cost_dsp, 0 AS clicks, 0 AS spend FROM dsp_impressions GROUP BY 1, 2
