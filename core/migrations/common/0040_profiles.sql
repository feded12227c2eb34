-- What an owner says about an instance stands with the grant: two owners of one instance describe it each for themselves.

ALTER TABLE instance_grants ADD COLUMN label TEXT;
ALTER TABLE instance_grants ADD COLUMN tags JSONB NOT NULL DEFAULT '[]';
ALTER TABLE instance_grants ADD COLUMN brands JSONB NOT NULL DEFAULT '[]';
ALTER TABLE instance_grants ADD COLUMN timezone TEXT;
ALTER TABLE instance_grants ADD COLUMN currency TEXT;
ALTER TABLE instance_grants ADD COLUMN parameters JSONB NOT NULL DEFAULT '{}';

-- The tables a query may read at the instance, as AMC listed them last; NULL where it was never asked.
ALTER TABLE amc_instances ADD COLUMN data_sources JSONB;
ALTER TABLE amc_instances ADD COLUMN data_sources_at TIMESTAMPTZ;

-- Which earlier runs read the same days.
CREATE INDEX executions_by_days ON executions (owner_id, time_window_start);
-- How long runs took lately.
CREATE INDEX executions_by_end ON executions (owner_id, status, completed_at);
