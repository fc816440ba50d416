-- Everything that can change a journey, in the order of arrival. Rows are never changed: what became of an entry stands elsewhere.
CREATE TABLE journal (
    position    INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL,
    source      TEXT    NOT NULL,
    route       TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    body        BLOB    NOT NULL,
    elided      TEXT,             -- names of fields whose secret values were removed before storing
    relation    TEXT,             -- 'revision' or 'conflict' with the entry in related, or 'quarantined'
    related     INTEGER,
    note        TEXT
) STRICT;

-- Copies of a record. Time first: the index grows at its end, where a random key would rewrite a page per row.
CREATE TABLE record_keys (
    report_second INTEGER NOT NULL,
    lock          TEXT    NOT NULL,
    route         TEXT    NOT NULL,
    content_hash  INTEGER NOT NULL,
    position      INTEGER NOT NULL,
    PRIMARY KEY (report_second, lock, route, content_hash)
) STRICT, WITHOUT ROWID;

-- Ids that a source gives its alarms and events. fixed_hash covers what the source never fills in later.
CREATE TABLE source_ids (
    source     TEXT    NOT NULL,
    source_id  TEXT    NOT NULL,
    fixed_hash INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    PRIMARY KEY (source, source_id)
) STRICT, WITHOUT ROWID;

-- Authenticated bodies that are not JSON. Capped by the journal: the oldest go first.
CREATE TABLE unreadable_bodies (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source      TEXT    NOT NULL,
    route       TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    body        BLOB    NOT NULL
) STRICT;

-- The processor's place: all entries up to it are processed or parked.
CREATE TABLE checkpoint (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL
) STRICT;
INSERT INTO checkpoint (one, position) VALUES (1, 0);

CREATE TABLE parked_entries (
    position  INTEGER PRIMARY KEY,
    parked_at INTEGER NOT NULL,
    reason    TEXT    NOT NULL,
    retry     INTEGER NOT NULL DEFAULT 0 -- 1: an operator wants it tried again
) STRICT;

-- What a registration or an operator's act led to, for the caller who waits and for the one who asks later.
CREATE TABLE entry_results (
    position INTEGER PRIMARY KEY,
    accepted INTEGER NOT NULL,
    code     TEXT    NOT NULL,
    text     TEXT    NOT NULL
) STRICT;
