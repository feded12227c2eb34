-- For people and their own queries; the library itself reads tables.

CREATE VIEW batch_execution_summary WITH (security_invoker = true) AS
SELECT b.id, b.batch_id, b.owner_id, b.workflow, b.name, b.status, b.total_instances, b.pending_instances,
    b.running_instances, b.completed_instances, b.failed_instances, b.cancelled_instances, b.created_at,
    b.started_at, b.completed_at,
    CAST(sum(e.row_count) AS BIGINT) AS total_rows,
    CAST(avg(extract(epoch FROM e.completed_at - e.started_at)) AS DOUBLE PRECISION) AS average_duration_seconds,
    min(e.started_at) AS first_started_at,
    max(e.completed_at) AS last_completed_at
FROM batch_executions b
LEFT JOIN executions e ON e.batch = b.id AND e.superseded_by IS NULL
GROUP BY b.id;

CREATE VIEW workflow_executions WITH (security_invoker = true) AS
SELECT e.id, e.execution_id, e.owner_id, e.workflow AS workflow_id, e.batch AS batch_execution_id,
    e.instance AS target_instance_id, i.instance_id, true AS is_batch_member, e.status, e.triggered_by,
    e.parameters_snapshot AS execution_parameters, e.amc_execution_id, e.row_count, e.size_bytes, e.error_code,
    e.error_message, e.started_at, e.completed_at,
    CAST(extract(epoch FROM e.completed_at - e.started_at) AS DOUBLE PRECISION) AS duration_seconds,
    e.created_at, e.updated_at
FROM executions e JOIN amc_instances i ON i.id = e.instance
WHERE e.superseded_by IS NULL;
