CREATE TABLE dead_letters_wanted (
    since BIGINT NOT NULL
);

CREATE TABLE dead_letters (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    destination TEXT,
    subject     TEXT,
    number      BIGINT,
    entry       BIGINT,
    reason      TEXT,
    cause       TEXT
);

CREATE FUNCTION keep_stopped_lane() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dead_letters (at, state, destination, subject, number, reason, cause)
    SELECT NEW.since, NEW.state, NEW.destination, NEW.subject, NEW.head, NEW.reason, NEW.cause WHERE EXISTS (SELECT 1 FROM dead_letters_wanted);
    RETURN NULL;
END $$;
CREATE TRIGGER lanes_stop AFTER UPDATE OF state, head ON lanes FOR EACH ROW
WHEN (NEW.state IN ('parked', 'unknown') AND (OLD.state, OLD.head) IS DISTINCT FROM (NEW.state, NEW.head))
EXECUTE FUNCTION keep_stopped_lane();
CREATE TRIGGER lanes_begin_stopped AFTER INSERT ON lanes FOR EACH ROW WHEN (NEW.state IN ('parked', 'unknown')) EXECUTE FUNCTION keep_stopped_lane();

CREATE FUNCTION keep_parked_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dead_letters (at, state, entry, reason) SELECT NEW.parked_at, 'entry', NEW.position, NEW.reason WHERE EXISTS (SELECT 1 FROM dead_letters_wanted);
    RETURN NULL;
END $$;
CREATE TRIGGER entries_park AFTER INSERT ON parked_entries FOR EACH ROW EXECUTE FUNCTION keep_parked_entry();
