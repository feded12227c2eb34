WITH m AS (SELECT user_id, DATE_TRUNC('MONTH', event_dt_utc) AS mth, MONTH(event_date_utc) AS mnum, YEAR(event_date_utc)
    AS yr FROM TABLE(EXTEND_TIME_WINDOW('conversions','P180D','P0D')) WHERE event_category='purchase' AND user_id
    IS NOT NULL GROUP BY 1,2,3,4),
f AS (SELECT user_id, MIN(yr*12+mnum) AS first_m FROM m GROUP BY 1)
SELECT first_m, (yr*12+mnum) - first_m AS months_since, COUNT(DISTINCT m.user_id) AS users FROM m INNER JOIN f
    ON m.user_id=f.user_id GROUP BY 1,2
