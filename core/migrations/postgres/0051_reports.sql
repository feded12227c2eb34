-- What lists are ordered by sorts by its bytes, and views are asked with the rights of whoever asks.

ALTER VIEW report_runs_overview SET (security_invoker = true);
