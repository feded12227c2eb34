SELECT event_subtype, COUNT(*) n, COUNT(DISTINCT user_id) u FROM conversions WHERE event_subtype IN ('babyRegistry','weddingRegistry','customerReview','alexaSkillEnable','wishList')
    GROUP BY 1
