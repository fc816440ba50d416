-- What a destination was before each change.
CREATE TABLE destination_history (
    name       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    until      INTEGER NOT NULL,
    definition TEXT    NOT NULL,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

-- Destinations to which a person lets nothing go. Apart from the definition, which an edit replaces.
CREATE TABLE destination_holds (
    name    TEXT    PRIMARY KEY,
    held_by TEXT    NOT NULL,
    since   INTEGER NOT NULL,
    reason  TEXT    NOT NULL
) STRICT;

-- Why a lane is stuck, without what differs from lane to lane, and how often somebody was called: 0 to 3 for an hour, a day, a week.
ALTER TABLE lanes ADD COLUMN cause TEXT;
ALTER TABLE lanes ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0;
CREATE INDEX lanes_cause ON lanes (destination, state, cause) WHERE state IN ('parked', 'unknown');
