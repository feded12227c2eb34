WITH g AS (SELECT iso_state_province_code, dma_code, device_type, user_id, impressions, request_tag FROM dsp_impressions),
cl AS (SELECT request_tag, SUM(clicks) AS clicks FROM dsp_clicks GROUP BY request_tag),
v AS (SELECT impression_id, SUM(viewable_impressions) AS vw, SUM(measurable_impressions) ms FROM dsp_views GROUP BY 1)
SELECT NAMED_ROW('device_type', device_type, 'dma', dma_code) AS combo, iso_state_province_code,
  COUNT(DISTINCT user_id) AS reach, SUM(g.impressions) AS impressions, SUM(cl.clicks) AS clicks,
  SUM(cl.clicks) / SUM(g.impressions) AS ctr
FROM g LEFT JOIN cl ON g.request_tag = cl.request_tag
GROUP BY 1, 2
