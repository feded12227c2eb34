/* amc-fleet template
{
  "name": "Time of day",
  "category": "timing",
  "tags": ["dsp", "sales"],
  "description": "When people see ads and when they buy: impressions and attributed purchases by hour of day, in UTC.",
  "window": "last 30 days",
  "parameters": [],
  "columns": {
    "hour": "dimension",
    "impressions": "additive",
    "purchases": "additive"
  }
}
*/
WITH hours AS (
  SELECT impression_hour_utc AS hour, impressions, 0 AS purchases
  FROM dsp_impressions
  UNION ALL
  SELECT conversion_event_hour_utc AS hour, 0 AS impressions, total_purchases AS purchases
  FROM amazon_attributed_events_by_conversion_time
)
SELECT hour, SUM(impressions) AS impressions, SUM(purchases) AS purchases
FROM hours
GROUP BY hour
