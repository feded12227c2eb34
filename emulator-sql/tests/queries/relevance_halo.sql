WITH r AS (
 SELECT conversion_id, user_id, campaign, campaign_id_string, halo_code, engagement_scope, event_subtype, tracked_item, total_product_sales, new_to_brand, event_dt_utc,
  ROW_NUMBER() OVER (PARTITION BY conversion_id ORDER BY CASE halo_code WHEN 'TRACKED_ASIN' THEN 1 WHEN 'VARIATIONAL_ASIN' THEN 2 WHEN 'BRAND_KEYWORD' THEN 3 ELSE 4 END, campaign) AS pick
 FROM conversions_with_relevance WHERE event_category IN ('purchase', 'website')
), imp AS (SELECT user_id, campaign_id_string, MIN(impression_dt_utc) AS first_dt FROM TABLE(EXTEND_TIME_WINDOW('DSP_IMPRESSIONS', /* look back */ 'P28D', 'P0D')) GROUP BY 1, 2)
SELECT r.campaign, r.engagement_scope, r.halo_code, COUNT(DISTINCT r.conversion_id) AS convs, SUM(r.total_product_sales) AS sales, COUNT(DISTINCT CASE WHEN r.new_to_brand THEN r.user_id END) AS ntb_users
FROM r INNER JOIN imp ON r.user_id = imp.user_id AND r.campaign_id_string = imp.campaign_id_string AND imp.first_dt <= r.event_dt_utc
WHERE r.pick = 1 GROUP BY 1, 2, 3
