/* amc-fleet template
{
  "name": "Product sales",
  "category": "products",
  "tags": ["asin", "sales"],
  "description": "What ads sold: events, units and sales of the products of a list, by campaign.",
  "window": "last 30 days",
  "parameters": [
    {"name": "asins", "type": "asin_list", "optional": true, "description": "The products; all of them if none are given"}
  ],
  "columns": {
    "campaign": "dimension",
    "tracked_asin": "dimension",
    "purchases": "additive",
    "units": "additive",
    "sales": "additive",
    "buyers": "distinct_count"
  }
}
*/
SELECT campaign, tracked_asin,
  SUM(total_purchases) AS purchases,
  SUM(total_units_sold) AS units,
  SUM(total_product_sales) AS sales,
  COUNT(DISTINCT user_id) AS buyers
FROM amazon_attributed_events_by_traffic_time
WHERE total_purchases > 0
  AND (CUSTOM_PARAMETER('asins') IS NULL OR CARDINALITY(CUSTOM_PARAMETER('asins')) = 0
    OR ARRAY_CONTAINS(CUSTOM_PARAMETER('asins'), tracked_asin))
GROUP BY campaign, tracked_asin
