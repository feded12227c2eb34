/* amc-fleet template
{
  "name": "Time to conversion",
  "category": "timing",
  "tags": ["attribution", "sales"],
  "description": "How long people take from the ad to the purchase, by campaign.",
  "window": "last 30 days",
  "parameters": [],
  "columns": {
    "campaign": "dimension",
    "time_to_conversion": "dimension",
    "purchases": "additive",
    "buyers": "distinct_count"
  }
}
*/
WITH timed AS (
  SELECT campaign, user_id, total_purchases,
    CASE
      WHEN SECONDS_BETWEEN(traffic_event_dt_utc, conversion_event_dt_utc) < 3600 THEN '1 | within an hour'
      WHEN SECONDS_BETWEEN(traffic_event_dt_utc, conversion_event_dt_utc) < 86400 THEN '2 | within a day'
      WHEN SECONDS_BETWEEN(traffic_event_dt_utc, conversion_event_dt_utc) < 604800 THEN '3 | within a week'
      ELSE '4 | later'
    END AS time_to_conversion
  FROM amazon_attributed_events_by_conversion_time
  WHERE total_purchases > 0
)
SELECT campaign, time_to_conversion, SUM(total_purchases) AS purchases, COUNT(DISTINCT user_id) AS buyers
FROM timed
GROUP BY campaign, time_to_conversion
