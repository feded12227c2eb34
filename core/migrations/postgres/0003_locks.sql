-- Locks what a change of these executions writes, in the one order everybody keeps: executions, batches, watches, each by
-- id. Whoever changes an execution comes through here, so that two workers wait for each other at most in a queue.
-- Watches are locked only for changes that prove or move one.

CREATE FUNCTION lock_executions(ids UUID[], with_watches BOOLEAN) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM executions e WHERE e.id = ANY (ids) ORDER BY e.id FOR NO KEY UPDATE;
    PERFORM 1 FROM batch_executions b
        WHERE b.id IN (SELECT e.batch FROM executions e WHERE e.id = ANY (ids))
        ORDER BY b.id FOR NO KEY UPDATE;
    IF with_watches THEN
        PERFORM 1 FROM instance_watches t
            WHERE t.instance IN (SELECT e.instance FROM executions e WHERE e.id = ANY (ids))
            ORDER BY t.instance FOR NO KEY UPDATE;
    END IF;
END
$$;
