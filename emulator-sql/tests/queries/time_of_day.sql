SELECT EXTRACT(DOW FROM impression_dt) AS day_of_week, EXTRACT(HOUR FROM impression_dt) AS hour_of_day, DAYOFWEEK(impression_date) AS dow2,
  HOUR(impression_dt) AS h2, SUM(impressions) AS impressions, COUNT(DISTINCT user_id) AS reach, SUM(supply_cost) / 100000000 AS supply_cost
FROM dsp_impressions
GROUP BY 1, 2, 3, 4
