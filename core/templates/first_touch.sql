/* amc-fleet template
{
  "name": "First touch",
  "category": "attribution",
  "tags": ["dsp", "attribution"],
  "description": "Gives each buyer to the campaign that reached them first.",
  "window": "last 30 days",
  "parameters": [
    {"name": "lookback_days", "type": "lookback_days", "default": 30}
  ],
  "columns": {
    "campaign": "dimension",
    "buyers": "distinct_count",
    "purchases": "additive",
    "sales": "additive"
  }
}
*/
WITH touches AS (
  SELECT user_id, campaign, impression_dt_utc AS touched
  FROM TABLE(EXTEND_TIME_WINDOW('dsp_impressions', 'P{{lookback_days}}D', 'P0D'))
  WHERE user_id IS NOT NULL
),
bought AS (
  SELECT user_id, MIN(event_dt_utc) AS bought_at, SUM(conversions) AS purchases, SUM(total_product_sales) AS sales
  FROM conversions
  WHERE user_id IS NOT NULL AND event_subtype = 'order'
  GROUP BY user_id
),
ranked AS (
  SELECT t.user_id, t.campaign, b.purchases, b.sales,
    ROW_NUMBER() OVER (PARTITION BY t.user_id ORDER BY t.touched ASC) AS place
  FROM touches t
  JOIN bought b ON t.user_id = b.user_id AND t.touched <= b.bought_at
  WHERE SECONDS_BETWEEN(t.touched, b.bought_at) <= 60 * 60 * 24 * {{lookback_days}}
)
SELECT campaign, COUNT(DISTINCT user_id) AS buyers, SUM(purchases) AS purchases, SUM(sales) AS sales
FROM ranked
WHERE place = 1
GROUP BY campaign
