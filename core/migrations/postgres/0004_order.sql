-- What lists are ordered by sorts by its bytes, as on SQLite, whatever the locale of the server.

ALTER TABLE amc_instances
    ALTER COLUMN name TYPE TEXT COLLATE "C",
    ALTER COLUMN instance_id TYPE TEXT COLLATE "C";
ALTER TABLE workflows ALTER COLUMN name TYPE TEXT COLLATE "C";
