WITH subs AS (
  SELECT user_id, event_subtype, tracked_item, event_dt_utc,
    CASE WHEN event_subtype = 'snsSubscription' THEN 1 ELSE 0 END AS is_sns
  FROM conversions WHERE event_category = 'purchase'
), n AS (
  SELECT tracked_item, user_id, SUM(is_sns) AS subscriptions, COUNT(*) AS total, CASE WHEN COUNT(*) >= 3 THEN '3+' ELSE COUNT(*) END AS bucket
  FROM subs WHERE user_id IS NOT NULL GROUP BY tracked_item, user_id
)
SELECT tracked_item AS asin, bucket, COUNT(DISTINCT user_id) AS customers, SUM(subscriptions) AS sns, GREATEST(SUM(subscriptions), 1) AS at_least_one
FROM n GROUP BY 1, 2
