WITH d AS (SELECT user_id, device_type, operating_system, MIN(impression_dt) AS dt, SUM(impressions) AS impressions
    FROM dsp_impressions WHERE user_id IS NOT NULL AND device_type <> 'Unknown' GROUP BY 1,2,3),
r AS (SELECT user_id, impressions, NAMED_ROW('order', ROW_NUMBER() OVER(PARTITION BY user_id ORDER BY dt), 'device_type',
    device_type) AS device_order FROM d),
a AS (SELECT user_id, ARRAY_SORT(COLLECT(DISTINCT device_order)) AS path, SUM(impressions) AS impressions FROM
    r GROUP BY user_id)
SELECT path, CARDINALITY(path) AS path_length, COUNT(DISTINCT user_id) AS reach, SUM(impressions) AS impressions
    FROM a GROUP BY path, CARDINALITY(path)
