WITH asins AS (SELECT user_id, tracked_asin FROM conversions WHERE event_category = 'purchase' AND tracked_asin
    IS NOT NULL AND user_id IS NOT NULL GROUP BY 1,2),
totals AS (SELECT tracked_asin, COUNT(DISTINCT user_id) AS total_users FROM asins GROUP BY tracked_asin)
SELECT a.tracked_asin AS lead_asin, b.tracked_asin AS overlap_asin, COUNT(DISTINCT a.user_id) AS users_overlap,
    MAX(t.total_users) AS lead_users, COUNT(DISTINCT a.user_id) / MAX(t.total_users) AS user_overlap
FROM asins a INNER JOIN asins b ON a.user_id = b.user_id AND a.tracked_asin <> b.tracked_asin INNER JOIN totals
    t ON a.tracked_asin = t.tracked_asin
GROUP BY 1,2
