-- What became of the ticks of a schedule, worked out when it is asked for.

CREATE VIEW report_schedules_overview AS
SELECT s.id, s.schedule_id, s.owner_id,
    (SELECT count(*) FROM schedule_ticks t WHERE t.schedule = s.id AND t.outcome = 'fired') AS run_count,
    (SELECT count(*) FROM schedule_ticks t LEFT JOIN batch_executions b ON b.id = t.batch
        WHERE t.schedule = s.id AND (t.outcome = 'failed' OR b.status = 'failed')) AS failed_count,
    (SELECT max(t.fired_at) FROM schedule_ticks t WHERE t.schedule = s.id AND t.outcome = 'fired') AS last_run_at,
    (SELECT coalesce(b.status, t.outcome) FROM schedule_ticks t LEFT JOIN batch_executions b ON b.id = t.batch
        WHERE t.schedule = s.id ORDER BY t.nominal_at DESC LIMIT 1) AS last_status
FROM report_schedules s
WHERE s.archived_at IS NULL;
