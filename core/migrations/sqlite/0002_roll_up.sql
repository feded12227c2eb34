-- Keeps a batch true to its executions, whoever writes them. `Counts::roll_up` says the same in Rust; a test compares.

CREATE TRIGGER update_batch_status_on_execution_insert AFTER INSERT ON executions
BEGIN
    UPDATE batch_executions SET
        total_instances = total_instances + (NEW.superseded_by IS NULL),
        pending_instances = pending_instances + (NEW.superseded_by IS NULL AND NEW.status IN ('pending', 'submitting')),
        running_instances = running_instances + (NEW.superseded_by IS NULL AND NEW.status IN ('running', 'collecting')),
        completed_instances = completed_instances + (NEW.superseded_by IS NULL AND NEW.status = 'completed'),
        failed_instances = failed_instances + (NEW.superseded_by IS NULL AND NEW.status = 'failed'),
        cancelled_instances = cancelled_instances + (NEW.superseded_by IS NULL AND NEW.status = 'cancelled')
    WHERE id = NEW.batch;
    UPDATE batch_executions SET
        status = CASE
            WHEN pending_instances = total_instances THEN 'pending'
            WHEN pending_instances + running_instances > 0 THEN 'running'
            WHEN completed_instances = total_instances THEN 'completed'
            WHEN cancel_requested_at IS NOT NULL AND cancelled_instances > 0 THEN 'cancelled'
            WHEN completed_instances > 0 THEN 'partial'
            ELSE 'failed'
        END,
        started_at = COALESCE(started_at, NEW.started_at),
        completed_at = CASE WHEN pending_instances + running_instances = 0 THEN NEW.updated_at END,
        updated_at = NEW.updated_at
    WHERE id = NEW.batch;
END;

CREATE TRIGGER update_batch_status_on_execution_change AFTER UPDATE OF status, superseded_by ON executions
WHEN OLD.status <> NEW.status OR OLD.superseded_by IS NOT NEW.superseded_by
BEGIN
    UPDATE batch_executions SET
        total_instances = total_instances - (OLD.superseded_by IS NULL) + (NEW.superseded_by IS NULL),
        pending_instances = pending_instances - (OLD.superseded_by IS NULL AND OLD.status IN ('pending', 'submitting')) + (NEW.superseded_by IS NULL AND NEW.status IN ('pending', 'submitting')),
        running_instances = running_instances - (OLD.superseded_by IS NULL AND OLD.status IN ('running', 'collecting')) + (NEW.superseded_by IS NULL AND NEW.status IN ('running', 'collecting')),
        completed_instances = completed_instances - (OLD.superseded_by IS NULL AND OLD.status = 'completed') + (NEW.superseded_by IS NULL AND NEW.status = 'completed'),
        failed_instances = failed_instances - (OLD.superseded_by IS NULL AND OLD.status = 'failed') + (NEW.superseded_by IS NULL AND NEW.status = 'failed'),
        cancelled_instances = cancelled_instances - (OLD.superseded_by IS NULL AND OLD.status = 'cancelled') + (NEW.superseded_by IS NULL AND NEW.status = 'cancelled')
    WHERE id = NEW.batch;
    UPDATE batch_executions SET
        status = CASE
            WHEN pending_instances = total_instances THEN 'pending'
            WHEN pending_instances + running_instances > 0 THEN 'running'
            WHEN completed_instances = total_instances THEN 'completed'
            WHEN cancel_requested_at IS NOT NULL AND cancelled_instances > 0 THEN 'cancelled'
            WHEN completed_instances > 0 THEN 'partial'
            ELSE 'failed'
        END,
        started_at = COALESCE(started_at, NEW.started_at),
        completed_at = CASE WHEN pending_instances + running_instances = 0 THEN NEW.updated_at END,
        updated_at = NEW.updated_at
    WHERE id = NEW.batch;
END;
