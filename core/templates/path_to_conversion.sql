/* amc-fleet template
{
  "name": "Path to conversion",
  "category": "path",
  "tags": ["dsp", "sponsored ads", "path"],
  "description": "The order in which people met the channels before they bought, with reach and buyers of each path.",
  "window": "last 30 days",
  "parameters": [
    {"name": "lookback_days", "type": "lookback_days", "default": 30}
  ],
  "columns": {
    "path": "dimension",
    "reach": "distinct_count",
    "buyers": "distinct_count",
    "purchases": "additive",
    "conversion_rate": "ratio"
  }
}
*/
WITH touches AS (
  SELECT user_id, 'DSP' AS channel, impression_dt_utc AS touched
  FROM TABLE(EXTEND_TIME_WINDOW('dsp_impressions', 'P{{lookback_days}}D', 'P0D'))
  WHERE user_id IS NOT NULL
  UNION ALL
  SELECT user_id, ad_product_type AS channel, event_dt_utc AS touched
  FROM TABLE(EXTEND_TIME_WINDOW('sponsored_ads_traffic', 'P{{lookback_days}}D', 'P0D'))
  WHERE user_id IS NOT NULL
),
firsts AS (
  SELECT user_id, channel, MIN(touched) AS first_touched
  FROM touches
  GROUP BY user_id, channel
),
ranked AS (
  SELECT user_id, NAMED_ROW('place', ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY first_touched), 'channel', channel) AS step
  FROM firsts
),
paths AS (
  SELECT user_id, ARRAY_SORT(COLLECT(DISTINCT step)) AS path
  FROM ranked
  GROUP BY user_id
),
bought AS (
  SELECT user_id, SUM(total_purchases) AS purchases
  FROM amazon_attributed_events_by_conversion_time
  WHERE user_id IS NOT NULL AND total_purchases > 0
  GROUP BY user_id
)
SELECT p.path,
  COUNT(DISTINCT p.user_id) AS reach,
  COUNT(DISTINCT b.user_id) AS buyers,
  SUM(b.purchases) AS purchases,
  COUNT(DISTINCT b.user_id) / COUNT(DISTINCT p.user_id) AS conversion_rate
FROM paths p
LEFT JOIN bought b ON p.user_id = b.user_id
GROUP BY p.path
