CREATE TABLE overtakers (
    message_id  TEXT   PRIMARY KEY,
    destination TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    number      BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    due_at      BIGINT,
    attempts    BIGINT NOT NULL,
    tries       BIGINT NOT NULL,
    body        BYTEA
);
CREATE UNIQUE INDEX overtakers_lane ON overtakers (destination, subject, number);
CREATE INDEX overtakers_due ON overtakers (destination, due_at);

ALTER TABLE messages ADD COLUMN overtook BIGINT NOT NULL DEFAULT 0;

-- (id, bytes) is one to one once they may have left. A message behind its lane's head that did not overtake was never sent: what it refers to may still change.
CREATE FUNCTION messages_bytes_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id = OLD.id AND OLD.state = 'queued' AND OLD.overtook = 0 AND OLD.number > coalesce(
        (SELECT l.head FROM lanes l WHERE l.destination = OLD.destination AND l.subject = OLD.subject), 9223372036854775807) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the bytes of a message never change; issue a revision instead';
END $$;
CREATE TRIGGER messages_bytes_are_frozen BEFORE UPDATE OF id, body, soap, action ON messages FOR EACH ROW
WHEN (OLD.body IS NOT NULL AND (NEW.id, NEW.body, NEW.soap, NEW.action) IS DISTINCT FROM (OLD.id, OLD.body, OLD.soap, OLD.action))
EXECUTE FUNCTION messages_bytes_are_frozen();
