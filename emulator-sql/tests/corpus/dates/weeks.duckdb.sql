SELECT d::DATE AS day, week(d::DATE) AS w, date_part('week', d::DATE) AS e, date_trunc('week', d::DATE)::DATE AS monday, date_trunc('month', d::DATE)::DATE AS first
FROM (VALUES ('2024-12-29'), ('2024-12-30'), ('2025-01-05'), ('2025-01-06'), ('2026-12-31'), ('2027-01-03')) AS t (d)
