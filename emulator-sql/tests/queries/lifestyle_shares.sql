WITH seg AS (SELECT user_id, segment_name FROM audience_segments_amer_lifestyle WHERE segment_marketplace_id =
    1 AND user_id_type = 'adUserId'), p AS (SELECT user_id, SUM(total_product_sales) AS sales FROM conversions
    WHERE event_subtype='order' GROUP BY 1), r AS (SELECT segment_name, COUNT(DISTINCT s.user_id) AS users, SUM(sales)
    AS sales FROM seg s INNER JOIN p ON s.user_id=p.user_id GROUP BY 1), t AS (SELECT SUM(users) AS tot FROM r)
    SELECT segment_name, users, sales, users/tot AS share, RANK() OVER (ORDER BY sales DESC) AS rnk FROM r, t
