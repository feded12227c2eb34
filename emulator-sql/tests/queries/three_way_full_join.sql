WITH a AS (SELECT user_id, SUM(clicks) AS c FROM sponsored_ads_traffic GROUP BY 1), b AS (SELECT user_id, SUM(impressions)
    AS i FROM dsp_impressions GROUP BY 1), d AS (SELECT user_id, SUM(conversions) v FROM conversions GROUP BY 1)
SELECT CASE WHEN a.user_id IS NULL AND b.user_id IS NULL THEN 'none' WHEN a.user_id IS NULL THEN 'dsp' WHEN b.user_id
    IS NULL THEN 'sa' ELSE 'both' END AS g, COUNT(DISTINCT COALESCE(a.user_id, b.user_id, d.user_id)) AS users,
    SUM(COALESCE(v, 0)) AS conv, GREATEST(SUM(c), SUM(i)) AS g1, LEAST(1, SUM(v)) AS l1 FROM a FULL OUTER JOIN
    b ON a.user_id = b.user_id FULL OUTER JOIN d ON COALESCE(a.user_id, b.user_id) = d.user_id GROUP BY 1
