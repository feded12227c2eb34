-- Reach by campaign: how many people saw it, how often, and what it cost.
SELECT
    campaign,
    COUNT(DISTINCT user_id) AS reach,
    SUM(impressions)        AS impressions,
    SUM(total_cost) / 100000 AS cost
FROM dsp_impressions
WHERE user_id IS NOT NULL
GROUP BY campaign
