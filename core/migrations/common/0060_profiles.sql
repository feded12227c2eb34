-- What an owner says about an instance stands with the grant: two owners of one instance describe it each for themselves.

ALTER TABLE instance_grants ADD COLUMN label TEXT;
ALTER TABLE instance_grants ADD COLUMN tags JSONB NOT NULL DEFAULT '[]';
ALTER TABLE instance_grants ADD COLUMN brands JSONB NOT NULL DEFAULT '[]';
ALTER TABLE instance_grants ADD COLUMN timezone TEXT;
ALTER TABLE instance_grants ADD COLUMN currency TEXT;
ALTER TABLE instance_grants ADD COLUMN parameters JSONB NOT NULL DEFAULT '{}';

-- The ids of the tables beside the tables: whoever looks at an instance wants no more. What was listed is asked for again.
DELETE FROM instance_data_sources;
DELETE FROM data_source_sets;
ALTER TABLE data_source_sets ADD COLUMN ids JSONB NOT NULL DEFAULT '[]';

-- Which earlier runs read the same days.
CREATE INDEX executions_by_days ON executions (owner_id, time_window_start);
-- How long runs took lately.
CREATE INDEX executions_by_end ON executions (owner_id, status, completed_at);
