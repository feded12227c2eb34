WITH e AS (SELECT user_id, pv_subscription_name, pv_billing_type, pv_start_date, pv_end_date, pv_is_promo, pv_is_plan_start,
    pv_unit_price FROM TABLE(EXTEND_TIME_WINDOW('amazon_pvc_enrollments', 'P90D', 'P0D')) WHERE pv_is_latest_record
    = true),
s AS (SELECT user_id, pv_gti_title_name, pv_material_type, SUM(pv_seconds_viewed)/60 AS minutes, EXPLODE(pv_gti_genre)
    AS genre FROM amazon_pvc_streaming_events_feed GROUP BY 1,2,3,5)
SELECT pv_subscription_name, genre, COUNT(DISTINCT e.user_id) AS subscribers, SUM(minutes) AS minutes FROM e LEFT
    JOIN s ON e.user_id = s.user_id GROUP BY 1,2
