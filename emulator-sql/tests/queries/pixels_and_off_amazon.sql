WITH reached AS (
  SELECT DISTINCT campaign, user_id FROM TABLE(EXTEND_TIME_WINDOW('dsp_impressions', 'P60d', 'P0D')) WHERE user_id IS NOT NULL
)
SELECT tracked_item, event_category, event_subtype, c.campaign, SUM(conversions) AS conversions, COUNT(DISTINCT c.user_id) AS users
FROM conversions_with_relevance c JOIN reached r ON r.campaign = c.campaign AND r.user_id = c.user_id
WHERE event_category = 'pixel' OR (event_category = 'off-Amazon' AND event_subtype IN ('140', '141'))
GROUP BY 1, 2, 3, 4
