/* amc-fleet template
{
  "name": "Frequency distribution",
  "category": "reach",
  "tags": ["dsp", "frequency"],
  "description": "How many people saw ads once, twice, and so on; everybody above the cap is in the last group.",
  "window": "last 30 days",
  "parameters": [
    {"name": "frequency_cap", "type": "integer", "default": 10, "min": 1, "max": 100, "description": "From how many impressions on people are one group"}
  ],
  "columns": {
    "frequency_group": "dimension",
    "users": "distinct_count",
    "impressions": "additive"
  }
}
*/
WITH seen AS (
  SELECT user_id, SUM(impressions) AS impressions
  FROM dsp_impressions
  WHERE user_id IS NOT NULL
  GROUP BY user_id
),
grouped AS (
  SELECT user_id, impressions, IF(impressions > {{frequency_cap}}, {{frequency_cap}}, impressions) AS frequency_group
  FROM seen
)
SELECT frequency_group, COUNT(DISTINCT user_id) AS users, SUM(impressions) AS impressions
FROM grouped
GROUP BY frequency_group
