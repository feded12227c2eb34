WITH now_users AS (SELECT DISTINCT user_id FROM dsp_impressions WHERE user_id IS NOT NULL),
past_users AS (
  SELECT user_id, MAX(impression_dt_utc) AS last_dt
  FROM TABLE(EXTEND_TIME_WINDOW(
    'DSP_IMPRESSIONS', -- the table
    'P90D',            /* back */
    'P0D'))
  WHERE SECONDS_BETWEEN(impression_dt_utc, BUILT_IN_PARAMETER('TIME_WINDOW_START')) > 0 AND user_id IS NOT NULL
  GROUP BY user_id
)
SELECT CASE WHEN p.user_id IS NULL THEN 'net new' ELSE 'returning' END AS kind, COUNT(n.user_id) AS users
FROM now_users n LEFT JOIN past_users p ON n.user_id = p.user_id
GROUP BY 1
