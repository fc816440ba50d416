-- 1 while nobody knows whether the message took effect: only the same bytes may go again, an edited message may not take their place.
ALTER TABLE messages ADD COLUMN in_doubt INTEGER NOT NULL DEFAULT 0;
UPDATE messages SET in_doubt = 1
WHERE state = 'queued' AND EXISTS (SELECT 1 FROM attempts a WHERE a.message_id = messages.id AND a.purpose = 'send' AND (a.outcome = 'unknown' OR a.finished_at IS NULL));

-- Which message took the place of which, by subject: a later correction names the one that counts.
CREATE INDEX messages_superseding ON messages (subject, supersedes) WHERE supersedes IS NOT NULL;

CREATE INDEX messages_corrections ON messages (corrects) WHERE corrects IS NOT NULL AND state IN ('queued', 'unmapped');

-- (id, bytes) is one to one once they may have left. A message behind its lane's head was never sent: what it refers to may still change.
DROP TRIGGER messages_bytes_are_frozen;
CREATE TRIGGER messages_bytes_are_frozen BEFORE UPDATE OF id, body, soap, action ON messages
WHEN OLD.body IS NOT NULL AND (NEW.id IS NOT OLD.id OR NEW.body IS NOT OLD.body OR NEW.soap IS NOT OLD.soap OR NEW.action IS NOT OLD.action)
    AND NOT (NEW.id IS OLD.id AND OLD.state = 'queued' AND OLD.number > coalesce(
        (SELECT l.head FROM lanes l WHERE l.destination = OLD.destination AND l.subject = OLD.subject), 9223372036854775807))
BEGIN
    SELECT raise(ABORT, 'the bytes of a message never change; issue a revision instead');
END;
