-- What workers know beside the work itself: calls, answers, other people's runs, how long runs take.

-- AMC calls made for an execution, by what they ask: {"submit": 1, "get": 1, …}.
ALTER TABLE executions ADD COLUMN calls JSONB NOT NULL DEFAULT '{}';
CREATE INDEX executions_deadline ON executions (credential_key, deadline_at)
    WHERE status = 'pending' AND deadline_at IS NOT NULL;
CREATE INDEX executions_put_off ON executions (credential_key, not_before)
    WHERE status IN ('pending', 'submitting', 'collecting') AND not_before IS NOT NULL;

ALTER TABLE execution_attempts ADD COLUMN http_status BIGINT;
ALTER TABLE execution_attempts ADD COLUMN error_message TEXT;
ALTER TABLE execution_attempts ADD COLUMN posted_at TIMESTAMPTZ;
ALTER TABLE execution_attempts ADD COLUMN answered_at TIMESTAMPTZ;

-- Runs that others started there: how many live, since when the oldest of them, when somebody looked far enough back.
ALTER TABLE instance_watches ADD COLUMN foreign_runs BIGINT NOT NULL DEFAULT 0;
ALTER TABLE instance_watches ADD COLUMN foreign_since TIMESTAMPTZ;
ALTER TABLE instance_watches ADD COLUMN surveyed_at TIMESTAMPTZ;

-- How long runs of a workflow take on an instance: what the cadence of looking follows. Runs without a workflow share the
-- nil UUID.
CREATE TABLE run_durations (
    instance      UUID NOT NULL REFERENCES amc_instances (id) ON DELETE CASCADE,
    workflow      UUID NOT NULL,
    runs          BIGINT NOT NULL,
    mean_seconds  DOUBLE PRECISION NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (instance, workflow)
);
