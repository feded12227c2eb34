SELECT DISTINCT c.user_id
FROM conversions_for_audiences c
LEFT JOIN dsp_clicks_for_audiences d ON c.user_id = d.user_id
WHERE c.event_subtype = 'shoppingCart' AND d.user_id IS NULL AND c.user_id IS NOT NULL
  AND c.user_id NOT IN (SELECT user_id FROM conversions_for_audiences WHERE event_subtype = 'order' AND user_id IS NOT NULL)
