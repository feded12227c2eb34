WITH b AS (SELECT purchase_id, asin, asin_name, user_id FROM amazon_retail_purchases GROUP BY 1,2,3,4), n AS (SELECT
    COUNT(DISTINCT purchase_id) AS total FROM b)
SELECT x.asin AS asin_a, y.asin AS asin_b, COUNT(DISTINCT x.purchase_id) AS baskets, COUNT(DISTINCT x.user_id)
    AS users, COUNT(DISTINCT x.purchase_id)/MAX(n.total) AS support FROM b x JOIN b y ON x.user_id = y.user_id
    AND x.asin < y.asin CROSS JOIN n GROUP BY 1,2
