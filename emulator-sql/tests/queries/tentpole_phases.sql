WITH phases (phase, phase_start, phase_end) AS (
  VALUES ('lead-up', '2025-09-01', '2025-09-08'), ('event', '2025-09-09', '2025-09-15'), ('lead-out', '2025-09-16', '2025-09-30')
), exposure AS (
  SELECT p.phase, i.user_id, SUM(i.impressions) AS impressions, SUM(i.total_cost) AS cost
  FROM dsp_impressions i INNER JOIN phases p ON i.impression_date >= CAST(p.phase_start AS DATE) AND i.impression_date <= CAST(p.phase_end AS DATE)
  WHERE i.user_id IS NOT NULL
  GROUP BY 1, 2
), by_user AS (
  SELECT user_id, ARRAY_SORT(COLLECT(DISTINCT phase)) AS phases, CARDINALITY(COLLECT(DISTINCT phase)) AS phase_count, SUM(impressions) AS impressions, SUM(cost) AS cost
  FROM exposure GROUP BY user_id
), dpv AS (
  SELECT user_id, SUM(IF(event_subtype = 'detailPageView', 1, 0)) AS dpv, SUM(IF(event_subtype IN ('shoppingCart'), 1, 0)) AS atc
  FROM conversions GROUP BY 1
)
SELECT ARRAY_TO_STRING(phases, ' > ') AS phases, phase_count, COUNT(DISTINCT b.user_id) AS users, SUM(impressions) AS impressions,
  SUM(cost) / 100000 AS cost, SUM(dpv) AS dpv, SUM(dpv) / COUNT(DISTINCT b.user_id) AS dpv_per_user
FROM by_user b LEFT JOIN dpv d ON b.user_id = d.user_id
GROUP BY 1, 2
ORDER BY 3 DESC
