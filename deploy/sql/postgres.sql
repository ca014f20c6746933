-- The tables of a journal on PostgreSQL, as a run makes them on its first start: psql -d icpo -f deploy/sql/postgres.sql
-- Needed by hand only where the program's role may not make tables.
CREATE TABLE IF NOT EXISTS journal (
    ordering        BIGSERIAL    NOT NULL,
    created         BIGINT       NOT NULL, -- ticks of 100 ns since 0001-01-01 UTC
    deleted         BOOLEAN      NOT NULL,
    persistence_id  VARCHAR(255) NOT NULL, -- trajectory-buffer-{run.id}
    sequence_number BIGINT       NOT NULL,
    message         BYTEA        NOT NULL, -- protobuf, of the form that manifest names
    manifest        TEXT,
    identifier      INTEGER,
    writer_uuid     VARCHAR(128),
    CONSTRAINT "PK_journal" PRIMARY KEY (ordering),
    CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number)
);
CREATE INDEX IF NOT EXISTS journal_created_idx ON journal (created);
CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON journal (sequence_number);

CREATE TABLE IF NOT EXISTS tags (
    ordering_id    BIGINT       NOT NULL,
    tag            VARCHAR(64)  NOT NULL,
    sequence_nr    BIGINT       NOT NULL,
    persistence_id VARCHAR(255) NOT NULL,
    CONSTRAINT "PK_tags" PRIMARY KEY (ordering_id, tag)
);
CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr);
CREATE INDEX IF NOT EXISTS tags_tag_idx ON tags (tag);

CREATE TABLE IF NOT EXISTS snapshot (
    persistence_id  VARCHAR(255) NOT NULL,
    sequence_number BIGINT       NOT NULL,
    created         BIGINT       NOT NULL,
    snapshot        BYTEA,
    manifest        TEXT,
    serializer_id   INTEGER,
    CONSTRAINT "PK_snapshot" PRIMARY KEY (persistence_id, sequence_number)
);
CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON snapshot (sequence_number);
CREATE INDEX IF NOT EXISTS snapshot_created_idx ON snapshot (created);
