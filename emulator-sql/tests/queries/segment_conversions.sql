WITH seg AS (SELECT user_id, behavior_segment_id, behavior_segment_name, behavior_segment_matched FROM dsp_impressions_by_user_segments
    WHERE behavior_segment_matched = 0 GROUP BY 1,2,3,4),
c AS (SELECT user_id, SUM(total_product_sales) AS sales, SUM(total_purchases) AS purchases FROM amazon_attributed_events_by_traffic_time
    GROUP BY user_id)
SELECT behavior_segment_name, COUNT(DISTINCT seg.user_id) AS users, SUM(purchases) AS purchases, SUM(sales) AS
    sales, SUM(purchases)/COUNT(DISTINCT seg.user_id) AS rate FROM seg LEFT JOIN c USING (user_id) GROUP BY behavior_segment_name
    HAVING COUNT(DISTINCT seg.user_id) > 5
