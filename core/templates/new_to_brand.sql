/* amc-fleet template
{
  "name": "New-to-brand customers",
  "category": "customers",
  "tags": ["new-to-brand", "sales"],
  "description": "Which campaigns win customers the brand did not have: purchases, sales and buyers, and the share that is new.",
  "window": "last 30 days",
  "parameters": [],
  "columns": {
    "campaign": "dimension",
    "buyers": "distinct_count",
    "new_buyers": "distinct_count",
    "purchases": "additive",
    "new_purchases": "additive",
    "sales": "additive",
    "new_sales": "additive",
    "new_share": "ratio"
  }
}
*/
SELECT campaign,
  COUNT(DISTINCT user_id) AS buyers,
  COUNT(DISTINCT IF(new_to_brand_total_purchases > 0, user_id, NULL)) AS new_buyers,
  SUM(total_purchases) AS purchases,
  SUM(new_to_brand_total_purchases) AS new_purchases,
  SUM(total_product_sales) AS sales,
  SUM(new_to_brand_total_product_sales) AS new_sales,
  SUM(new_to_brand_total_purchases) / SUM(total_purchases) AS new_share
FROM amazon_attributed_events_by_traffic_time
WHERE total_purchases > 0
GROUP BY campaign
