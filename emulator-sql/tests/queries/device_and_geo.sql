WITH x AS (SELECT user_id, NAMED_ROW('device', device_type, 'geo', CONCAT(iso_country_code, '-', dma_code)) AS
    device_geo, impressions FROM dsp_impressions)
SELECT device_geo, SUM(impressions) AS impressions, COUNT(DISTINCT user_id) AS users FROM x GROUP BY device_geo
