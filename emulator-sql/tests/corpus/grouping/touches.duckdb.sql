WITH ads (user_id, campaign, time) AS (VALUES ('u1', 'A', TIMESTAMP '2025-09-02 10:00:00'), ('u1', 'B', TIMESTAMP '2025-09-04 10:00:00'),
  ('u1', 'C', TIMESTAMP '2025-09-08 10:00:00'), ('u2', 'B', TIMESTAMP '2025-09-03 00:00:00'), ('u3', 'A', TIMESTAMP '2025-09-20 00:00:00')),
deeds (user_id, id, sales, time) AS (VALUES ('u1', 'c1', 20.0000, TIMESTAMP '2025-09-05 00:00:00'), ('u1', 'c2', 7.5000, TIMESTAMP '2025-09-09 00:00:00'),
  ('u2', 'c3', 10.0000, TIMESTAMP '2025-09-03 00:00:00'), ('u3', 'c4', 99.0000, TIMESTAMP '2025-09-01 00:00:00')),
touches AS (
  SELECT campaign, sales, row_number() OVER (PARTITION BY id ORDER BY a.time) AS f, row_number() OVER (PARTITION BY id ORDER BY a.time DESC) AS l
  FROM ads a JOIN deeds d USING (user_id) WHERE date_diff('second', a.time, d.time) BETWEEN 0 AND 1209600
)
SELECT campaign, count(*) AS touches, sum(CASE WHEN f = 1 THEN sales ELSE 0 END) AS first_sales, sum(CASE WHEN l = 1 THEN sales ELSE 0 END) AS last_sales
FROM touches GROUP BY campaign
