SELECT campaign, median(cost) AS m, quantile_cont(cost, 0.25) AS q, round(quantile_cont(cost, 0.9), 6) AS n, round(stddev_samp(cost), 6) AS s,
  round(var_samp(cost), 6) AS v, round(var_pop(cost), 6) AS vp, round(stddev_pop(cost), 6) AS sp, avg(cost) AS a
FROM (VALUES ('A', 1.5::DOUBLE), ('A', 2.5), ('A', 10), ('A', 4), ('A', 4), ('B', 7), ('B', 8.25), ('C', 3)) AS t (campaign, cost)
GROUP BY campaign
