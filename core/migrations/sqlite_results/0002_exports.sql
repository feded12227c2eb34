-- Files that were made of results, by their checksums: what a file in somebody's hands is made of.

CREATE TABLE exports (
    sha256      TEXT NOT NULL,
    owner_id    TEXT NOT NULL,
    path        TEXT NOT NULL,
    written_at  TIMESTAMPTZ NOT NULL,
    manifest    TEXT NOT NULL
);
CREATE INDEX exports_by_content ON exports (owner_id, sha256, written_at);
