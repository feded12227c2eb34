/* amc-fleet template
{
  "name": "Incremental reach",
  "category": "reach",
  "tags": ["dsp", "reach"],
  "description": "For each campaign: whom it reached, and whom nobody else reached.",
  "window": "last 30 days",
  "parameters": [],
  "columns": {
    "campaign": "dimension",
    "reach": "distinct_count",
    "exclusive_reach": "distinct_count",
    "exclusive_share": "ratio"
  }
}
*/
WITH seen AS (
  SELECT DISTINCT user_id, campaign
  FROM dsp_impressions
  WHERE user_id IS NOT NULL
),
counted AS (
  SELECT user_id, COUNT(campaign) AS campaigns
  FROM seen
  GROUP BY user_id
)
SELECT s.campaign,
  COUNT(DISTINCT s.user_id) AS reach,
  COUNT(DISTINCT IF(c.campaigns = 1, s.user_id, NULL)) AS exclusive_reach,
  COUNT(DISTINCT IF(c.campaigns = 1, s.user_id, NULL)) / COUNT(DISTINCT s.user_id) AS exclusive_share
FROM seen s
JOIN counted c ON s.user_id = c.user_id
GROUP BY s.campaign
