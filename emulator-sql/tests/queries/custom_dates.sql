-- Week buckets counted from the campaign's first day, dates by CAST and arithmetic on seconds
WITH s AS (SELECT campaign_id, MIN(impression_date_utc) AS d0 FROM dsp_impressions GROUP BY 1),
w AS (SELECT i.campaign, i.user_id, FLOOR(SECONDS_BETWEEN(s.d0, i.impression_dt_utc) / (60*60*24*7)) + 1 AS week_no, i.impressions, CONVERT_TIME_ZONE_FROM_UTC(i.impression_dt_utc, 'America/Los_Angeles') AS pt FROM dsp_impressions i JOIN s ON s.campaign_id = i.campaign_id)
SELECT campaign, CONCAT('Week ', CAST(week_no AS INTEGER)) AS wk, DATE_TRUNC('MONTH', pt) AS mon, YEAR(pt) AS y, MONTH(pt) AS m, CAST(MIN(pt) AS DATE) AS first_day, SUM(impressions) AS imps, COUNT(DISTINCT user_id) AS reach, SUM(impressions)/COUNT(DISTINCT user_id) AS freq FROM w GROUP BY 1, 2, 3, 4, 5
