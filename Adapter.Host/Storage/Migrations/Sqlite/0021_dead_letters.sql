-- Dead letters on their way to a queue. Triggers keep them, in the commit that stops a lane or parks an entry, and only while somebody wants them.
CREATE TABLE dead_letters_wanted (
    since INTEGER NOT NULL
) STRICT;

CREATE TABLE dead_letters (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    state       TEXT    NOT NULL, -- parked, unknown, entry
    destination TEXT,             -- of a lane's head
    subject     TEXT,
    number      INTEGER,
    entry       INTEGER,          -- of a parked entry of the journal
    reason      TEXT,
    cause       TEXT
) STRICT;

CREATE TRIGGER lanes_stop AFTER UPDATE OF state, head ON lanes
WHEN NEW.state IN ('parked', 'unknown') AND (OLD.state <> NEW.state OR OLD.head IS NOT NEW.head) AND EXISTS (SELECT 1 FROM dead_letters_wanted)
BEGIN
    INSERT INTO dead_letters (at, state, destination, subject, number, reason, cause)
    VALUES (NEW.since, NEW.state, NEW.destination, NEW.subject, NEW.head, NEW.reason, NEW.cause);
END;

CREATE TRIGGER lanes_begin_stopped AFTER INSERT ON lanes
WHEN NEW.state IN ('parked', 'unknown') AND EXISTS (SELECT 1 FROM dead_letters_wanted)
BEGIN
    INSERT INTO dead_letters (at, state, destination, subject, number, reason, cause)
    VALUES (NEW.since, NEW.state, NEW.destination, NEW.subject, NEW.head, NEW.reason, NEW.cause);
END;

CREATE TRIGGER entries_park AFTER INSERT ON parked_entries
WHEN EXISTS (SELECT 1 FROM dead_letters_wanted)
BEGIN
    INSERT INTO dead_letters (at, state, entry, reason) VALUES (NEW.parked_at, 'entry', NEW.position, NEW.reason);
END;
