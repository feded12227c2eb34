-- What a workflow's parameters are, and the template it was made of.

ALTER TABLE workflows ADD COLUMN parameter_schema JSONB NOT NULL DEFAULT '[]';
ALTER TABLE workflows ADD COLUMN template_hash TEXT;
