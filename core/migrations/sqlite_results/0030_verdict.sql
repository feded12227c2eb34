-- How many rows AMC marked as suppressed, NULL where it was not asked to mark them; and what proves a chunk whole.

ALTER TABLE result_manifests ADD COLUMN marked_rows BIGINT;
ALTER TABLE result_chunks ADD COLUMN sha256 BYTEA;
