/* amc-fleet template
{
  "name": "Audience: reached often, not bought",
  "category": "audience",
  "tags": ["audience", "dsp"],
  "description": "People who saw many ads and did not buy: a list of users for an audience, not a report.",
  "window": "last 30 days",
  "parameters": [
    {"name": "least_impressions", "type": "integer", "default": 3, "min": 1, "description": "How many ads at least"}
  ],
  "columns": {
    "user_id": "dimension"
  }
}
*/
SELECT i.user_id
FROM dsp_impressions_for_audiences i
LEFT JOIN conversions_for_audiences c ON i.user_id = c.user_id AND c.event_subtype = 'order'
WHERE i.user_id IS NOT NULL AND c.user_id IS NULL
GROUP BY i.user_id
HAVING SUM(i.impressions) >= {{least_impressions}}
