/* amc-fleet template
{
  "name": "Devices and places",
  "category": "reach",
  "tags": ["dsp", "geography"],
  "description": "On which devices and in which countries and regions ads were seen.",
  "window": "last 30 days",
  "parameters": [],
  "columns": {
    "device_type": "dimension",
    "iso_country_code": "dimension",
    "iso_state_province_code": "dimension",
    "reach": "distinct_count",
    "impressions": "additive"
  }
}
*/
SELECT device_type, iso_country_code, iso_state_province_code,
  COUNT(DISTINCT user_id) AS reach,
  SUM(impressions) AS impressions
FROM dsp_impressions
GROUP BY device_type, iso_country_code, iso_state_province_code
