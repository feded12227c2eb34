-- Results, beside what they are results of. A manifest is written last: only it makes a result.
-- Chunks and parts are compressed already: the server keeps them as they are.

CREATE TABLE result_tokens (
    execution  UUID PRIMARY KEY,
    token      BIGINT NOT NULL
);

CREATE TABLE result_manifests (
    execution     UUID PRIMARY KEY,
    token         BIGINT NOT NULL,
    schema        BYTEA NOT NULL,
    row_count     BIGINT NOT NULL,
    chunk_count   BIGINT NOT NULL,
    size_bytes    BIGINT NOT NULL,
    completed_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE result_chunks (
    execution  UUID NOT NULL,
    token      BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    row_count  BIGINT NOT NULL,
    parquet    BYTEA NOT NULL,
    PRIMARY KEY (execution, token, number)
);
ALTER TABLE result_chunks ALTER COLUMN parquet SET STORAGE EXTERNAL;

CREATE TABLE raw_parts (
    execution  UUID NOT NULL,
    token      BIGINT NOT NULL,
    part       BIGINT NOT NULL,
    segment    BIGINT NOT NULL,
    bytes      BYTEA NOT NULL,
    PRIMARY KEY (execution, token, part, segment)
);
ALTER TABLE raw_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;
