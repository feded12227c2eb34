/* amc-fleet template
{
  "name": "Search terms",
  "category": "search",
  "tags": ["sponsored ads", "search"],
  "description": "What people searched for when they saw or clicked sponsored ads. Spend is in the advertiser's currency.",
  "window": "last 30 days",
  "parameters": [
    {"name": "match_types", "type": "string_list", "default": ["EXACT", "PHRASE", "BROAD"], "description": "The kinds of match"}
  ],
  "columns": {
    "customer_search_term": "dimension",
    "match_type": "dimension",
    "reach": "distinct_count",
    "impressions": "additive",
    "clicks": "additive",
    "click_rate": "ratio",
    "spend": "additive"
  }
}
*/
SELECT customer_search_term, match_type,
  COUNT(DISTINCT user_id) AS reach,
  SUM(impressions) AS impressions,
  SUM(clicks) AS clicks,
  SUM(clicks) / SUM(impressions) AS click_rate,
  SUM(spend) / 100000000 AS spend
FROM sponsored_ads_traffic
WHERE match_type IN ({{match_types}})
GROUP BY customer_search_term, match_type
