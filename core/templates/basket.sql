/* amc-fleet template
{
  "name": "Products bought together",
  "category": "products",
  "tags": ["asin", "sales"],
  "description": "Pairs of products that the same people buy.",
  "window": "last 30 days",
  "parameters": [
    {"name": "event_subtypes", "type": "string_list", "default": ["order"], "description": "Which events count: order, shoppingCart, detailPageView"}
  ],
  "columns": {
    "first_asin": "dimension",
    "second_asin": "dimension",
    "users": "distinct_count"
  }
}
*/
WITH events AS (
  SELECT DISTINCT user_id, tracked_asin
  FROM conversions
  WHERE user_id IS NOT NULL AND tracked_asin IS NOT NULL AND event_subtype IN ({{event_subtypes}})
)
SELECT a.tracked_asin AS first_asin, b.tracked_asin AS second_asin, COUNT(DISTINCT a.user_id) AS users
FROM events a
JOIN events b ON a.user_id = b.user_id AND a.tracked_asin < b.tracked_asin
GROUP BY a.tracked_asin, b.tracked_asin
