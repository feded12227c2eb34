WITH t AS (SELECT UUID() AS row_id, user_id, campaign, impressions, impression_dt FROM dsp_impressions WHERE RANDOM()
    < 0.9),
a AS (SELECT row_id, user_id FROM t WHERE campaign SIMILAR TO 'Display'), b AS (SELECT row_id, user_id FROM t WHERE
    campaign SIMILAR TO 'TV')
SELECT CASE WHEN a.user_id IS NOT NULL AND b.user_id IS NOT NULL THEN 'both' WHEN a.user_id IS NOT NULL THEN 'a'
    ELSE 'b' END AS g, COUNT(DISTINCT COALESCE(a.user_id,b.user_id)) AS users, COUNT(DISTINCT t.row_id) AS rws
    FROM a FULL OUTER JOIN b ON a.user_id=b.user_id LEFT JOIN t ON t.row_id=a.row_id GROUP BY 1
