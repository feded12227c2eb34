WITH seg AS (
  SELECT behavior_segment_id, behavior_segment_name, user_id, SUM(impressions) AS impressions, MAX(behavior_segment_matched) AS targeted
  FROM dsp_impressions_by_user_segments WHERE user_id IS NOT NULL GROUP BY 1, 2, 3
), conv AS (
  SELECT user_id, SUM(conversions) AS conversions, SUM(IF(event_subtype = 'order', 1, 0)) AS orders, MAX(new_to_brand) AS ntb
  FROM conversions WHERE user_id IS NOT NULL GROUP BY user_id
), base AS (SELECT COUNT(DISTINCT user_id) AS all_users FROM dsp_impressions)
SELECT s.behavior_segment_name, MAX(s.targeted) AS targeted, COUNT(DISTINCT s.user_id) AS users, SUM(s.impressions) AS impressions,
  SUM(c.orders) AS orders, SUM(IF(c.ntb = 1, 1, 0)) AS ntb_users, COUNT(DISTINCT s.user_id) / MAX(b.all_users) AS share
FROM seg s LEFT JOIN conv c ON s.user_id = c.user_id CROSS JOIN base b
GROUP BY 1
