-- Audience Segment Insights: index against all users
WITH seg AS (
 SELECT s.user_id, m.category_level_1, m.category_level_2, m.segment_name, s.segment_id
 FROM audience_segments_amer_inmarket s
 INNER JOIN segment_metadata m ON s.segment_id = m.segment_id AND s.segment_marketplace_id = m.segment_marketplace_id
 WHERE s.segment_marketplace_id = 1
), purchasers AS (SELECT DISTINCT user_id FROM conversions WHERE event_subtype = 'order' AND user_id IS NOT NULL),
reached AS (SELECT user_id, SUM(impressions) AS imps FROM dsp_impressions WHERE user_id IS NOT NULL GROUP BY user_id),
tot AS (SELECT COUNT(DISTINCT r.user_id) AS total_reach, COUNT(DISTINCT p.user_id) AS total_purchasers FROM reached r LEFT JOIN purchasers p ON r.user_id = p.user_id)
SELECT seg.segment_id, seg.segment_name, seg.category_level_1, COUNT(DISTINCT r.user_id) AS reach, COUNT(DISTINCT p.user_id) AS purchasers,
 MAX(t.total_reach) AS total_reach, MAX(t.total_purchasers) AS total_purchasers,
 ROUND(100 * (COUNT(DISTINCT p.user_id) / COUNT(DISTINCT r.user_id)) / (MAX(t.total_purchasers) / MAX(t.total_reach)), 1) AS affinity_index
FROM seg INNER JOIN reached r ON seg.user_id = r.user_id LEFT JOIN purchasers p ON p.user_id = r.user_id CROSS JOIN tot t
GROUP BY 1,2,3
