WITH atc AS (SELECT user_id, MAX(event_dt_utc) AS last_atc FROM conversions_for_audiences WHERE event_subtype IN
    ('shoppingCart','wishList') GROUP BY user_id),
p AS (SELECT user_id, MAX(event_dt_utc) AS last_p FROM conversions_for_audiences WHERE event_subtype = 'order'
    GROUP BY user_id)
SELECT a.user_id FROM atc a LEFT JOIN p ON a.user_id = p.user_id WHERE p.user_id IS NULL OR p.last_p < a.last_atc
