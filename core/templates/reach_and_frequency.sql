/* amc-fleet template
{
  "name": "Reach and frequency",
  "category": "reach",
  "tags": ["dsp", "reach", "frequency"],
  "description": "How many people Amazon DSP reached, how often, and at what cost, by any dimension. Cost is in the advertiser's currency.",
  "window": "last 30 days",
  "parameters": [
    {"name": "dimension", "type": "dimension", "default": "campaign"}
  ],
  "columns": {
    "dimension_value": "dimension",
    "reach": "distinct_count",
    "impressions": "additive",
    "frequency": "ratio",
    "cost": "additive"
  }
}
*/
SELECT {{dimension}} AS dimension_value,
  COUNT(DISTINCT user_id) AS reach,
  SUM(impressions) AS impressions,
  SUM(impressions) / COUNT(DISTINCT user_id) AS frequency,
  SUM(total_cost) / 100000 AS cost
FROM dsp_impressions
WHERE user_id IS NOT NULL
GROUP BY {{dimension}}
