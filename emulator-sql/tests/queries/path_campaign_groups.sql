-- Instructional Query: Path to Conversion by Campaign Groups
/* REQUIRED UPDATE [1 of 3]: Define campaign groups. */
WITH campaign_groups (campaign_id_string, campaign_group) AS (
  VALUES
    (111111111111, 'DSP-Video'),
    (222222222222, 'DSP-Display'),
    ('A0SPONSORED01', 'SP-Branded')
),
/* REQUIRED UPDATE [2 of 3]: asins */
asins (asin) AS (
  VALUES
    ('B000000001'),
    ('B000000002')
),
impressions AS (
  SELECT
    i.user_id,
    COALESCE(g.campaign_group, i.campaign) AS campaign_group,
    MIN(i.impression_dt_utc) AS impression_dt_first,
    SUM(i.impressions) AS impressions,
    SUM(i.total_cost) / 100000 AS total_cost
  FROM dsp_impressions i
  LEFT JOIN campaign_groups g ON i.campaign_id_string = g.campaign_id_string
  WHERE i.user_id IS NOT NULL
  GROUP BY 1, 2
  UNION ALL
  SELECT
    s.user_id,
    COALESCE(g.campaign_group, s.campaign) AS campaign_group,
    MIN(s.event_dt_utc) AS impression_dt_first,
    SUM(s.impressions) AS impressions,
    SUM(s.spend) / 100000000 AS total_cost
  FROM sponsored_ads_traffic s
  LEFT JOIN campaign_groups g ON s.campaign_id_string = g.campaign_id_string
  WHERE s.user_id IS NOT NULL
    AND s.ad_product_type IN ('sponsored_products', 'sponsored_brands', 'sponsored_display')
  GROUP BY 1, 2
),
converted AS (
  SELECT
    user_id,
    SUM(total_purchases) AS total_purchases,
    SUM(total_product_sales) AS total_product_sales,
    SUM(new_to_brand_total_purchases) AS ntb_purchases,
    SUM(total_detail_page_view) AS total_dpv,
    MIN(conversion_event_dt_utc) AS conversion_dt_first
  FROM amazon_attributed_events_by_conversion_time
  WHERE user_id IS NOT NULL
  /* OPTIONAL UPDATE: AND tracked_asin IN (SELECT asin FROM asins) */
  GROUP BY 1
),
ranked AS (
  SELECT
    NAMED_ROW('order', ROW_NUMBER() OVER (PARTITION BY i.user_id ORDER BY i.impression_dt_first), 'campaign', i.campaign_group) AS campaign_order,
    i.user_id,
    i.impressions,
    i.total_cost
  FROM impressions i
  LEFT JOIN converted c ON c.user_id = i.user_id
  WHERE c.user_id IS NULL OR i.impression_dt_first < c.conversion_dt_first
),
assembled AS (
  SELECT
    ARRAY_SORT(COLLECT(DISTINCT a.campaign_order)) AS path,
    a.user_id,
    SUM(a.impressions) AS impressions,
    SUM(a.total_cost) AS total_cost
  FROM ranked a
  GROUP BY a.user_id
),
assembled_with_imp_conv AS (
  SELECT
    path,
    COUNT(DISTINCT a.user_id) AS reach,
    SUM(a.impressions) AS impressions,
    SUM(a.total_cost) AS imp_total_cost,
    SUM(c.total_purchases) AS users_that_purchased,
    SUM(c.total_product_sales) AS sales_amount,
    SUM(IF(c.ntb_purchases > 0, 1, 0)) AS ntb_users
  FROM assembled a
  LEFT JOIN converted c ON a.user_id = c.user_id
  GROUP BY path
)
SELECT
  path,
  reach AS path_occurrences,
  impressions,
  imp_total_cost,
  users_that_purchased,
  sales_amount,
  (users_that_purchased / reach) AS user_purchase_rate,
  (ntb_users / reach) AS ntb_rate
FROM assembled_with_imp_conv
