WITH firsts AS (SELECT user_id, campaign, impression_dt, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY impression_dt
    ASC) AS rn FROM dsp_impressions WHERE user_id IS NOT NULL),
d AS (SELECT CAST(impression_dt AS DATE) AS day, campaign, COUNT(user_id) AS new_reach FROM firsts WHERE rn = 1
    GROUP BY 1,2)
SELECT day, campaign, new_reach, SUM(new_reach) OVER (PARTITION BY campaign ORDER BY day ROWS BETWEEN UNBOUNDED
    PRECEDING AND CURRENT ROW) AS cumulative, LAG(new_reach, 1) OVER (PARTITION BY campaign ORDER BY day) AS prev
    FROM d
