-- Collects are taken in the order their runs ended, without looking at all that wait.
CREATE INDEX executions_collecting ON executions (credential_key, updated_at, id) WHERE status = 'collecting';
