-- Times for which a source that never repeats may have told us something that we do not have. What is missing can be asked for.
CREATE TABLE gaps (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    source       TEXT    NOT NULL,
    route        TEXT    NOT NULL, -- '*': all of them
    reason       TEXT    NOT NULL,
    first_at     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    refused      INTEGER NOT NULL, -- requests; 0 where nobody could count them
    closed_at    INTEGER,
    closed_by    TEXT,
    close_reason TEXT
) STRICT;
CREATE INDEX gaps_open ON gaps (source, route, reason, last_at) WHERE closed_at IS NULL;

-- When the host was last known to listen.
CREATE TABLE listening (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at  INTEGER NOT NULL
) STRICT;
