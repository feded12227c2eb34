SELECT campaign, COUNT(DISTINCT user_id) AS u FROM dsp_impressions i WHERE EXISTS (SELECT 1 FROM conversions c
    WHERE c.user_id = i.user_id AND c.event_dt_utc > i.impression_dt_utc) GROUP BY 1
