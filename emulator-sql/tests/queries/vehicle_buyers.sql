SELECT vehicle_make, new_or_used, COUNT(DISTINCT e.user_id) AS buyers, COUNT(DISTINCT d.user_id) AS exposed_buyers
    FROM experian_vehicle_purchases e LEFT JOIN (SELECT user_id, MIN(impression_date) AS first_date FROM TABLE(EXTEND_TIME_WINDOW('dsp_impressions','P60D','P0D'))
    GROUP BY user_id) d ON e.user_id = d.user_id AND d.first_date <= e.purchase_date GROUP BY 1,2
