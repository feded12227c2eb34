SELECT campaign, day, imps, SUM(imps) OVER w AS running, ROW_NUMBER() OVER w AS rn, DENSE_RANK() OVER (PARTITION
    BY campaign ORDER BY imps DESC) AS dr FROM (SELECT campaign, impression_date AS day, SUM(impressions) AS imps
    FROM dsp_impressions GROUP BY 1,2) WINDOW w AS (PARTITION BY campaign ORDER BY day)
