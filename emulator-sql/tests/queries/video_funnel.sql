SELECT campaign, supply_source, SUM(video_start) AS starts, SUM(video_first_quartile) AS q1, SUM(video_complete) AS completes,
  SUM(video_complete) / NULLIF(SUM(video_start), 0) AS vcr, COUNT(DISTINCT CASE WHEN video_complete = 1 THEN user_id END) AS completed_users
FROM dsp_video_events_feed
WHERE supply_source SIMILAR TO 'TWITCH|STREAMING TV'
GROUP BY 1, 2
