-- Lanes of closed journeys that are given up: one person asks, another does it. The messages stay, as abandoned.
CREATE TABLE abandonments (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    destination TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    head        INTEGER NOT NULL,
    last_number INTEGER NOT NULL, -- what is given up is head to last_number, as the first person saw it
    asked_by    TEXT    NOT NULL,
    asked_at    INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    done_by     TEXT,             -- null while only one person has spoken
    done_at     INTEGER,
    CHECK (done_by IS NULL OR done_by <> asked_by)
) STRICT;
CREATE UNIQUE INDEX abandonments_open ON abandonments (destination, subject) WHERE done_by IS NULL;
