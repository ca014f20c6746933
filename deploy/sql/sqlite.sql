-- The tables of a journal in SQLite, which a run creates with this script on its first start: sqlite3 journal.db < deploy/sql/sqlite.sql
-- Execute it manually only if the program may not create tables.
CREATE TABLE IF NOT EXISTS journal (
    ordering        INTEGER       NOT NULL PRIMARY KEY AUTOINCREMENT,
    created         INTEGER       NOT NULL, -- ticks of 100 ns since 0001-01-01 UTC
    deleted         Bit           NOT NULL,
    persistence_id  NVarChar(255) NOT NULL, -- trajectory-buffer-{run.id}
    sequence_number INTEGER       NOT NULL,
    message         VarBinary     NOT NULL, -- protobuf, of the type that manifest names
    manifest        NVarChar(500),
    identifier      INTEGER,
    writer_uuid     NVarChar(128)
);
CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);
CREATE INDEX IF NOT EXISTS journal_created_idx ON journal (created);
CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON journal (sequence_number);

CREATE TABLE IF NOT EXISTS tags (
    ordering_id    INTEGER       NOT NULL,
    tag            NVarChar(64)  NOT NULL,
    sequence_nr    INTEGER       NOT NULL,
    persistence_id NVarChar(255) NOT NULL,
    CONSTRAINT PK_tags PRIMARY KEY (ordering_id, tag)
);
CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr);
CREATE INDEX IF NOT EXISTS tags_tag_idx ON tags (tag);

CREATE TABLE IF NOT EXISTS snapshot (
    persistence_id  NVarChar(255) NOT NULL,
    sequence_number INTEGER       NOT NULL,
    created         INTEGER       NOT NULL,
    snapshot        VarBinary,
    manifest        NVarChar(500),
    serializer_id   INTEGER,
    CONSTRAINT PK_snapshot PRIMARY KEY (persistence_id, sequence_number)
);
CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON snapshot (sequence_number);
CREATE INDEX IF NOT EXISTS snapshot_created_idx ON snapshot (created);
