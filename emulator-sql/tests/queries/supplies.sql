WITH supply AS (
  SELECT campaign, supply_source, supply_source_id, line_item_type, creative_category, creative_duration, user_id,
    CASE
      WHEN supply_source SIMILAR TO '(?i)twitch' THEN 'Twitch'
      WHEN supply_source SIMILAR TO '(?i)fire_(tv|tablet)' THEN 'Fire devices'
      WHEN supply_source SIMILAR TO '(?i)audio' THEN 'Audio'
      WHEN supply_source IN ('IMDbTV', 'Freevee', 'Prime Video ads', 'AMAZON LIVE STREAM') THEN 'Streaming'
      WHEN supply_source_id = 702 THEN 'Signage'
      ELSE 'Display'
    END AS kind
  FROM dsp_impressions
)
SELECT kind, line_item_type, creative_category, COUNT(DISTINCT campaign) AS campaigns, COUNT(DISTINCT user_id) AS reach,
  AVG(creative_duration) AS seconds
FROM supply
WHERE line_item_type IN ('AAP_VIDEO_CPM', 'AAP_AUDIO_CPM', 'DTCP', 'CLASS_I_MOBILE_APP', 'AAP', 'TWITCH AUDIO')
GROUP BY kind, line_item_type, creative_category
