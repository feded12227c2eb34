-- Keeps a batch true to its executions, whoever writes them: once a statement, however many rows it wrote. Says the same
-- as the triggers of SQLite and `Counts::roll_up` in Rust; a test compares.

-- By how many more or fewer executions of a status count in a batch.
CREATE TYPE execution_shift AS (batch UUID, status TEXT, by BIGINT, started_at TIMESTAMPTZ, at TIMESTAMPTZ);

CREATE FUNCTION roll_up_batches(shifts execution_shift[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- Parents are locked in the order of their ids, so that two statements never wait for each other.
    PERFORM 1 FROM batch_executions b WHERE b.id IN (SELECT s.batch FROM unnest(shifts) s)
    ORDER BY b.id FOR NO KEY UPDATE;

    WITH delta AS (
        SELECT s.batch,
            min(s.started_at) AS started_at,
            max(s.at) AS at,
            sum(s.by) AS total,
            coalesce(sum(s.by) FILTER (WHERE s.status IN ('pending', 'submitting')), 0) AS pending,
            coalesce(sum(s.by) FILTER (WHERE s.status IN ('running', 'collecting')), 0) AS running,
            coalesce(sum(s.by) FILTER (WHERE s.status = 'completed'), 0) AS completed,
            coalesce(sum(s.by) FILTER (WHERE s.status = 'failed'), 0) AS failed,
            coalesce(sum(s.by) FILTER (WHERE s.status = 'cancelled'), 0) AS cancelled
        FROM unnest(shifts) s GROUP BY s.batch
    ), counted AS (
        SELECT b.id,
            d.started_at,
            d.at,
            b.total_instances + d.total AS total,
            b.pending_instances + d.pending AS pending,
            b.running_instances + d.running AS running,
            b.completed_instances + d.completed AS completed,
            b.failed_instances + d.failed AS failed,
            b.cancelled_instances + d.cancelled AS cancelled
        FROM batch_executions b JOIN delta d ON d.batch = b.id
    )
    UPDATE batch_executions b SET
        total_instances = c.total,
        pending_instances = c.pending,
        running_instances = c.running,
        completed_instances = c.completed,
        failed_instances = c.failed,
        cancelled_instances = c.cancelled,
        status = CASE
            WHEN c.pending = c.total THEN 'pending'
            WHEN c.pending + c.running > 0 THEN 'running'
            WHEN c.completed = c.total THEN 'completed'
            WHEN b.cancel_requested_at IS NOT NULL AND c.cancelled > 0 THEN 'cancelled'
            WHEN c.completed > 0 THEN 'partial'
            ELSE 'failed'
        END,
        started_at = coalesce(b.started_at, c.started_at),
        completed_at = CASE WHEN c.pending + c.running = 0 THEN c.at END,
        updated_at = c.at
    FROM counted c WHERE b.id = c.id;
END
$$;

CREATE FUNCTION update_batch_status_on_execution_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    shifts execution_shift[];
BEGIN
    shifts := ARRAY(
        SELECT ROW(n.batch, n.status, count(*), min(n.started_at), max(n.updated_at))::execution_shift
        FROM new_rows n WHERE n.superseded_by IS NULL GROUP BY n.batch, n.status
    );
    IF cardinality(shifts) > 0 THEN
        PERFORM roll_up_batches(shifts);
    END IF;
    RETURN NULL;
END
$$;

-- What was before is taken off, what is now is put on; what stayed as it was cancels out.
CREATE FUNCTION update_batch_status_on_execution_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    shifts execution_shift[];
BEGIN
    shifts := ARRAY(
        SELECT ROW(c.batch, c.status, sum(c.by), min(c.started_at), max(c.updated_at))::execution_shift
        FROM (
            SELECT o.batch, o.status, -1 AS by, o.started_at, o.updated_at
            FROM old_rows o WHERE o.superseded_by IS NULL
            UNION ALL
            SELECT n.batch, n.status, 1, n.started_at, n.updated_at
            FROM new_rows n WHERE n.superseded_by IS NULL
        ) c
        GROUP BY c.batch, c.status HAVING sum(c.by) <> 0
    );
    IF cardinality(shifts) > 0 THEN
        PERFORM roll_up_batches(shifts);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER update_batch_status_on_execution_insert AFTER INSERT ON executions
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION update_batch_status_on_execution_insert();

CREATE TRIGGER update_batch_status_on_execution_change AFTER UPDATE ON executions
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION update_batch_status_on_execution_change();
