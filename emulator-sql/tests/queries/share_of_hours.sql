WITH t AS (SELECT EXTRACT(DOW FROM impression_dt) AS dow, EXTRACT(HOUR FROM impression_dt) AS hr, impressions,
    total_cost FROM dsp_impressions),
n AS (SELECT CASE dow WHEN 1 THEN '1 Sunday' WHEN 2 THEN '2 Monday' WHEN 3 THEN '3 Tuesday' ELSE '4 other' END
    AS day, hr, SUM(impressions) AS impressions, SUM(total_cost)/100000 AS cost FROM t GROUP BY 1,2)
SELECT day, hr, impressions, cost, impressions/SUM(impressions) OVER (PARTITION BY day) AS share, SUM(impressions)
    OVER (PARTITION BY day ORDER BY hr) AS running FROM n
