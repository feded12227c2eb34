-- What an execution asks AMC, as a hash, and whose result it takes instead of running: its own copy, so that the other
-- may be deleted.

ALTER TABLE executions ADD COLUMN reuse_key TEXT;
ALTER TABLE executions ADD COLUMN reuse_of UUID;
CREATE INDEX executions_by_reuse_key ON executions (owner_id, reuse_key) WHERE reuse_key IS NOT NULL;
CREATE INDEX executions_waiting_for_others ON executions (credential_key) WHERE status = 'pending' AND reuse_of IS NOT NULL;
