-- Business answers that came later than the acknowledgement, whatever became of them.
CREATE TABLE answers (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    destination TEXT    NOT NULL,
    message_id  TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    verdict     TEXT    NOT NULL, -- Accepted, Duplicate, Rejected, Unknown
    code        TEXT    NOT NULL,
    text        TEXT,
    effect      TEXT    NOT NULL, -- settled, parked, none, duplicate, foreign
    body        BLOB    NOT NULL
) STRICT;
CREATE INDEX answers_message ON answers (message_id);
