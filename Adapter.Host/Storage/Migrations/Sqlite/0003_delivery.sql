CREATE TABLE destinations (
    name       TEXT    PRIMARY KEY,
    version    INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    definition TEXT    NOT NULL
) STRICT;

-- One lane per (destination, subject). head is the oldest number that is not settled; followers wait behind it.
CREATE TABLE lanes (
    destination TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    last_number INTEGER NOT NULL,
    head        INTEGER,          -- null while nothing waits
    state       TEXT    NOT NULL, -- idle, waiting, asking, parked, unknown
    due_at      INTEGER,          -- null unless waiting or asking
    attempts    INTEGER NOT NULL, -- of the head, those that count
    tries       INTEGER NOT NULL, -- of the head, all of them: the schedule runs on these
    reason      TEXT,
    since       INTEGER NOT NULL,
    PRIMARY KEY (destination, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX lanes_due ON lanes (destination, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX lanes_stuck ON lanes (since) WHERE state IN ('parked', 'unknown');

CREATE TABLE messages (
    id           TEXT    PRIMARY KEY,
    destination  TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    number       INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    decision_key TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    occurred_at  INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    entry        INTEGER NOT NULL, -- journal position that led to it
    state        TEXT    NOT NULL, -- queued, unmapped, delivered, skipped, superseded
    settled_at   INTEGER,
    corrects     TEXT,
    supersedes   TEXT,
    document     TEXT    NOT NULL,
    doc_version  INTEGER NOT NULL,
    source       BLOB    NOT NULL, -- what the mapping document read
    soap         TEXT    NOT NULL,
    action       TEXT    NOT NULL,
    body         BLOB,             -- null while unmapped
    body_sha256  TEXT,
    problem      TEXT
) STRICT;
CREATE UNIQUE INDEX messages_lane ON messages (destination, subject, number, revision);

-- (id, bytes) is one to one for ever.
CREATE TRIGGER messages_bytes_are_frozen BEFORE UPDATE OF id, body, soap, action ON messages
WHEN OLD.body IS NOT NULL AND (NEW.id IS NOT OLD.id OR NEW.body IS NOT OLD.body OR NEW.soap IS NOT OLD.soap OR NEW.action IS NOT OLD.action)
BEGIN
    SELECT raise(ABORT, 'the bytes of a message never change; issue a revision instead');
END;

CREATE TABLE attempts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id  TEXT    NOT NULL,
    purpose     TEXT    NOT NULL, -- send or ask
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,          -- null: started, and nobody recorded how it ended
    outcome     TEXT,             -- delivered, rejected, not-delivered, unknown
    http_status INTEGER,
    detail      TEXT,
    reply       BLOB
) STRICT;
CREATE INDEX attempts_message ON attempts (message_id);
CREATE INDEX attempts_open ON attempts (message_id) WHERE finished_at IS NULL;
