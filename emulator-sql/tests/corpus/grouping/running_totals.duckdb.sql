SELECT asin, day, sum(units) OVER (PARTITION BY asin ORDER BY day)::BIGINT AS running, rank() OVER w AS r, dense_rank() OVER w AS d,
  row_number() OVER (PARTITION BY asin ORDER BY day DESC) AS n, sum(units) OVER (PARTITION BY asin)::BIGINT AS total
FROM (VALUES ('X', DATE '2025-09-01', 3), ('X', DATE '2025-09-02', 1), ('X', DATE '2025-09-03', 3), ('X', DATE '2025-09-04', NULL),
  ('Y', DATE '2025-09-01', 5), ('Y', DATE '2025-09-05', 5)) AS t (asin, day, units)
WINDOW w AS (PARTITION BY asin ORDER BY coalesce(units, 0) DESC)
