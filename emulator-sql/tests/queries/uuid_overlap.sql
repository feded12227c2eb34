WITH campaigns (campaign_id, campaign_group) AS (
  VALUES (111111111, 'Awareness'), (222222222, 'Performance')
),
assigned AS (
  SELECT UUID() AS row_id, user_id, impression_dt_utc, impressions,
    IF(campaign_id IN (SELECT campaign_id FROM campaigns), 'listed', 'other') AS scope
  FROM dsp_impressions
),
firsts AS (SELECT user_id, MIN(impression_dt_utc) AS first_dt FROM assigned WHERE user_id IS NOT NULL GROUP BY user_id),
flagged AS (
  SELECT a.row_id, a.user_id, a.scope, CASE WHEN a.impression_dt_utc = f.first_dt THEN 1 ELSE 0 END AS is_first
  FROM assigned a INNER JOIN firsts f ON a.user_id = f.user_id
)
SELECT f.scope, f.is_first, COUNT(DISTINCT f.row_id) AS events, SUM(a.impressions) AS impressions, COUNT(DISTINCT f.user_id) AS users
FROM flagged f INNER JOIN assigned a ON a.row_id = f.row_id
GROUP BY 1, 2
