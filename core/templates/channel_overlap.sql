/* amc-fleet template
{
  "name": "Channel overlap",
  "category": "overlap",
  "tags": ["dsp", "sponsored ads", "overlap"],
  "description": "How many people were reached by Amazon DSP, by sponsored ads, or by both, and how many of them bought.",
  "window": "last 30 days",
  "parameters": [],
  "columns": {
    "exposure": "dimension",
    "reach": "distinct_count",
    "buyers": "distinct_count",
    "purchase_rate": "ratio"
  }
}
*/
WITH exposed AS (
  SELECT user_id, 1 AS by_dsp, 0 AS by_sponsored
  FROM dsp_impressions
  WHERE user_id IS NOT NULL
  UNION ALL
  SELECT user_id, 0 AS by_dsp, 1 AS by_sponsored
  FROM sponsored_ads_traffic
  WHERE user_id IS NOT NULL AND impressions > 0
),
people AS (
  SELECT user_id, MAX(by_dsp) AS by_dsp, MAX(by_sponsored) AS by_sponsored
  FROM exposed
  GROUP BY user_id
),
buyers AS (
  SELECT user_id, SUM(total_purchases) AS purchases
  FROM amazon_attributed_events_by_traffic_time
  WHERE user_id IS NOT NULL AND total_purchases > 0
  GROUP BY user_id
),
labelled AS (
  SELECT p.user_id, b.user_id AS buyer,
    CASE
      WHEN by_dsp = 1 AND by_sponsored = 1 THEN 'both'
      WHEN by_dsp = 1 THEN 'DSP only'
      ELSE 'sponsored ads only'
    END AS exposure
  FROM people p
  LEFT JOIN buyers b ON p.user_id = b.user_id
)
SELECT exposure,
  COUNT(DISTINCT user_id) AS reach,
  COUNT(DISTINCT buyer) AS buyers,
  COUNT(DISTINCT buyer) / COUNT(DISTINCT user_id) AS purchase_rate
FROM labelled
GROUP BY exposure
