WITH u AS (SELECT user_id, ARRAY_SORT(COLLECT(DISTINCT campaign)) AS combo, COUNT(DISTINCT campaign) AS n, SUM(impressions)
    AS imps FROM dsp_impressions WHERE user_id IS NOT NULL GROUP BY user_id), c AS (SELECT user_id, COUNT(DISTINCT
    conversion_id) AS orders FROM conversions WHERE event_subtype = 'order' GROUP BY 1)
SELECT combo, CONCAT(n, ' campaigns') AS n, COUNT(DISTINCT u.user_id) AS users, SUM(COALESCE(orders,0)) AS orders,
    SUM(imps) AS imps FROM u LEFT JOIN c ON c.user_id = u.user_id GROUP BY 1,2
