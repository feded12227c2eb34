-- only conversions within the flight of the campaign
SELECT campaign, campaign_start_date, campaign_end_date, SUM(conversions) AS conversions
FROM conversions_with_relevance
WHERE event_date BETWEEN campaign_start_date AND campaign_end_date AND campaign_start_date >= CAST('2023-01-01' AS DATE)
GROUP BY 1, 2, 3
