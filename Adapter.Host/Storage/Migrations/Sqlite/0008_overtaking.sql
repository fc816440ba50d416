-- Alarms that may go before what waits in front of them. A row lives from the moment its message is queued behind others
-- until the message is settled, is its lane's head, or is back in its slot for good.
CREATE TABLE overtakers (
    message_id  TEXT    PRIMARY KEY,
    destination TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    number      INTEGER NOT NULL,
    state       TEXT    NOT NULL, -- waiting or asking
    due_at      INTEGER,          -- null while an attempt is under way
    attempts    INTEGER NOT NULL,
    tries       INTEGER NOT NULL,
    body        BLOB              -- the bytes that say so; null once they are the message's own
) STRICT;
CREATE UNIQUE INDEX overtakers_lane ON overtakers (destination, subject, number);
CREATE INDEX overtakers_due ON overtakers (destination, due_at);

-- 1 once the message was sent before its turn: its bytes are frozen though it is not the head.
ALTER TABLE messages ADD COLUMN overtook INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER messages_bytes_are_frozen;
CREATE TRIGGER messages_bytes_are_frozen BEFORE UPDATE OF id, body, soap, action ON messages
WHEN OLD.body IS NOT NULL AND (NEW.id IS NOT OLD.id OR NEW.body IS NOT OLD.body OR NEW.soap IS NOT OLD.soap OR NEW.action IS NOT OLD.action)
    AND NOT (NEW.id IS OLD.id AND OLD.state = 'queued' AND OLD.overtook = 0 AND OLD.number > coalesce(
        (SELECT l.head FROM lanes l WHERE l.destination = OLD.destination AND l.subject = OLD.subject), 9223372036854775807))
BEGIN
    SELECT raise(ABORT, 'the bytes of a message never change; issue a revision instead');
END;
