WITH scope (campaign_like, ecpm) AS (VALUES ('Display', '1.25'), ('Streaming', ''), ('Video', '')),
chosen AS (
  SELECT DISTINCT i.campaign_id, s.ecpm FROM dsp_impressions i JOIN scope s ON i.campaign LIKE CONCAT('%', s.campaign_like, '%')
), shown AS (
  SELECT i.user_id,
    CASE WHEN i.impression_date BETWEEN '2025-09-01' AND '2025-09-10' THEN '1 - before'
      WHEN i.impression_date BETWEEN '2025-09-11' AND '2025-09-20' THEN '2 - event' ELSE '3 - after' END AS phase,
    MIN(i.impression_dt) AS first_dt, SUM(i.impressions) AS impressions,
    SUM(IF(CAST(c.ecpm AS DECIMAL(6, 3)) >= 0, CAST(c.ecpm AS DECIMAL(6, 3)) / 1000 * i.impressions, i.total_cost / 100000)) AS cost
  FROM dsp_impressions i JOIN chosen c ON i.campaign_id = c.campaign_id
  WHERE i.user_id IS NOT NULL GROUP BY 1, 2
), bought AS (
  SELECT user_id, MAX(new_to_brand) AS is_new, MAX(IF(total_product_sales > 0, conversion_event_dt, NULL)) AS last_dt,
    SUM(total_product_sales) AS sales
  FROM amazon_attributed_events_by_traffic_time WHERE user_id IS NOT NULL GROUP BY 1
), people AS (
  SELECT s.user_id, COLLECT(DISTINCT s.phase) AS phases, SUM(s.impressions) AS impressions, SUM(s.cost) AS cost,
    MAX(IF(b.last_dt >= s.first_dt, b.sales, 0)) AS sales, MAX(IF(b.is_new = TRUE, 1, 0)) AS is_new
  FROM shown s LEFT JOIN bought b ON s.user_id = b.user_id GROUP BY 1
)
SELECT ARRAY_SORT(phases) AS phases, COUNT(DISTINCT user_id) AS reach, SUM(impressions) AS impressions, SUM(cost) AS cost,
  SUM(sales) AS sales, SUM(is_new) AS new_customers, SUM(sales) / SUM(cost) AS return_on_spend
FROM people GROUP BY 1
