SELECT a.campaign, COUNT(DISTINCT a.user_id) u FROM TABLE(EXTEND_TIME_WINDOW('dsp_impressions', 'P30D', 'P0D'))
    AS a LEFT JOIN TABLE(EXTEND_TIME_WINDOW('conversions', 'P0D', 'P14D')) c ON (a.user_id = c.user_id) AND c.event_dt_utc
    BETWEEN a.impression_dt_utc AND BUILT_IN_PARAMETER('TIME_WINDOW_END') WHERE c.user_id IS NULL GROUP BY a.campaign
