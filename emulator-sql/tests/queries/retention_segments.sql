SELECT m.category_level_1, m.category_level_2, COUNT(DISTINCT s.user_id) AS users, COUNT(DISTINCT i.user_id) AS reached,
  COUNT(DISTINCT i.user_id) / COUNT(DISTINCT s.user_id) AS rate
FROM audience_segments_amer_inmarket s
INNER JOIN segment_metadata m ON s.segment_id = m.segment_id AND s.segment_marketplace_id = m.segment_marketplace_id
LEFT JOIN (SELECT DISTINCT user_id FROM dsp_impressions WHERE user_id IS NOT NULL) i ON i.user_id = s.user_id
WHERE s.segment_marketplace_id = 1
GROUP BY m.category_level_1, m.category_level_2
