WITH signups AS (
  SELECT campaign, user_id, SUM(digital_subscription_signup_purchases) AS all_kinds,
    SUM(digital_free_trial_subscription_signup_purchases) AS trials,
    SUM(digital_paid_subscription_signup_purchases) AS paid
  FROM amazon_attributed_events_by_traffic_time
  WHERE user_id IS NOT NULL AND digital_subscription_signup_purchases > 0
  GROUP BY 1, 2
)
SELECT campaign, COUNT(DISTINCT user_id) AS subscribers, SUM(all_kinds) AS sign_ups, SUM(trials) AS trials,
  SUM(paid) / SUM(all_kinds) AS paid_share
FROM signups GROUP BY 1 HAVING SUM(trials) + SUM(paid) = SUM(all_kinds)
