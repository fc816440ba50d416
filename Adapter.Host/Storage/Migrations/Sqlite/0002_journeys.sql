-- A subject is a journey, or a lock while no journey owns it. state holds facts, decisions already sent and findings.
CREATE TABLE subjects (
    subject         TEXT    PRIMARY KEY,
    kind            TEXT    NOT NULL,
    version         INTEGER NOT NULL,
    status          TEXT    NOT NULL,
    mrn             TEXT,
    manifest_number TEXT,
    updated_at      INTEGER NOT NULL,
    state           BLOB    NOT NULL
) STRICT;
CREATE INDEX subjects_mrn ON subjects (mrn) WHERE mrn IS NOT NULL;

CREATE TABLE bindings (
    lock       TEXT    NOT NULL,
    starts_at  INTEGER NOT NULL,
    ends_at    INTEGER,          -- null while it holds
    journey_id TEXT    NOT NULL,
    container  TEXT,
    PRIMARY KEY (lock, starts_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX bindings_journey ON bindings (journey_id);

-- At most one journey controls a lock at any instant, whatever the code believes. A binding that ended before it began controls nothing.
CREATE TRIGGER bindings_no_overlap_insert BEFORE INSERT ON bindings
WHEN EXISTS (
    SELECT 1 FROM bindings b
    WHERE b.lock = NEW.lock AND b.starts_at <> NEW.starts_at
      AND b.starts_at < coalesce(NEW.ends_at, 9223372036854775807)
      AND NEW.starts_at < coalesce(b.ends_at, 9223372036854775807)
      AND b.ends_at IS NOT b.starts_at AND NEW.ends_at IS NOT NEW.starts_at)
BEGIN
    SELECT raise(ABORT, 'two journeys would control one lock at the same time');
END;
CREATE TRIGGER bindings_no_overlap_update BEFORE UPDATE ON bindings
WHEN EXISTS (
    SELECT 1 FROM bindings b
    WHERE b.lock = NEW.lock AND b.starts_at <> OLD.starts_at
      AND b.starts_at < coalesce(NEW.ends_at, 9223372036854775807)
      AND NEW.starts_at < coalesce(b.ends_at, 9223372036854775807)
      AND b.ends_at IS NOT b.starts_at AND NEW.ends_at IS NOT NEW.starts_at)
BEGIN
    SELECT raise(ABORT, 'two journeys would control one lock at the same time');
END;

-- Reports of locks that no journey owned at their effective time, to be found again when one is registered.
CREATE TABLE idle_reports (
    lock         TEXT    NOT NULL,
    effective_at INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    PRIMARY KEY (lock, effective_at, position)
) STRICT, WITHOUT ROWID;
