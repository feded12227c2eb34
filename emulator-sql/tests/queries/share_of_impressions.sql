SELECT campaign, SUM(impressions) / (SELECT SUM(impressions) FROM dsp_impressions) AS share, (SELECT COUNT(DISTINCT
    user_id) FROM dsp_impressions) AS total FROM dsp_impressions GROUP BY campaign
