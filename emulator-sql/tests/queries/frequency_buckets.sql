WITH f AS (SELECT advertiser, campaign, user_id, SUM(impressions) AS frequency, SUM(total_cost)/100000 AS cost
    FROM dsp_impressions GROUP BY 1,2,3),
b AS (SELECT advertiser, campaign, user_id, cost, CASE WHEN frequency = 1 THEN 'frequency_1' WHEN frequency = 2
    THEN 'frequency_2' WHEN frequency BETWEEN 3 AND 6 THEN 'frequency_3-6' ELSE CONCAT('frequency_', '7+') END
    AS frequency_bucket, IF(frequency >= 7, '7+', frequency) AS fb FROM f WHERE user_id IS NOT NULL),
c AS (SELECT campaign, user_id, SUM(total_detail_page_view) AS dpv, SUM(total_purchases) AS p FROM amazon_attributed_events_by_traffic_time
    WHERE impressions = 1 OR clicks = 1 GROUP BY 1,2)
SELECT advertiser, b.campaign, frequency_bucket, fb, COUNT(DISTINCT b.user_id) AS users_in_bucket, SUM(cost) AS
    cost, SUM(dpv) dpv, ROUND(SUM(p)/COUNT(DISTINCT b.user_id), 4) AS purchase_rate
FROM b LEFT JOIN c ON b.campaign = c.campaign AND b.user_id = c.user_id
GROUP BY 1,2,3,4 HAVING users_in_bucket > 1
