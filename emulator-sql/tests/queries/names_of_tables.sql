WITH conversions AS (SELECT user_id, tracked_item, event_dt_utc, total_product_sales FROM conversions WHERE user_id
    IS NOT NULL AND event_subtype = 'order'),
DSP_IMPRESSIONS AS (SELECT user_id, campaign, impression_dt_utc FROM DSP_IMPRESSIONS WHERE user_id IS NOT NULL)
SELECT d.campaign, COUNT(DISTINCT c.user_id) AS purchasers, SUM(c.total_product_sales) AS sales FROM dsp_impressions
    d JOIN CONVERSIONS c ON d.user_id = c.user_id AND d.impression_dt_utc < c.event_dt_utc GROUP BY 1
