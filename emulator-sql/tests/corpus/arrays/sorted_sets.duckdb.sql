WITH i (user_id, campaign) AS (VALUES ('u1', 'B'), ('u1', 'A'), ('u1', 'B'), ('u2', 'A'), ('u2', 'B'), ('u3', 'C')),
sets AS (SELECT user_id, list_sort(list(DISTINCT campaign)) AS campaigns, count(*) AS n FROM i GROUP BY user_id)
SELECT campaigns, len(campaigns) AS size, count(DISTINCT user_id) AS users, sum(n)::BIGINT AS impressions FROM sets GROUP BY 1, 2
