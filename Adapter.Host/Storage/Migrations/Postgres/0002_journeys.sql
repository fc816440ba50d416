CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE subjects (
    subject         TEXT   PRIMARY KEY,
    kind            TEXT   NOT NULL,
    version         BIGINT NOT NULL,
    status          TEXT   NOT NULL,
    mrn             TEXT,
    manifest_number TEXT,
    updated_at      BIGINT NOT NULL,
    state           BYTEA  NOT NULL
);
CREATE INDEX subjects_mrn ON subjects (mrn) WHERE mrn IS NOT NULL;

CREATE TABLE bindings (
    lock       TEXT   NOT NULL,
    starts_at  BIGINT NOT NULL,
    ends_at    BIGINT,
    journey_id TEXT   NOT NULL,
    container  TEXT,
    PRIMARY KEY (lock, starts_at),
    -- At most one journey controls a lock at any instant, whatever the code believes. A binding that ended before it began controls nothing.
    CONSTRAINT bindings_no_overlap EXCLUDE USING gist (lock WITH =, int8range(starts_at, ends_at) WITH &&) WHERE (ends_at IS NULL OR ends_at > starts_at)
);
CREATE INDEX bindings_journey ON bindings (journey_id);

CREATE TABLE idle_reports (
    lock         TEXT   NOT NULL,
    effective_at BIGINT NOT NULL,
    position     BIGINT NOT NULL,
    PRIMARY KEY (lock, effective_at, position)
);
