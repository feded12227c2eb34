SELECT power(2, 3) AS a, exp(0) AS b, ln(1.0) AS c, log10(1000.0) AS d, sqrt(9) AS e, power(2, -1) AS f, power(2.25, 0.5) AS g, round(exp(1), 6) AS h
