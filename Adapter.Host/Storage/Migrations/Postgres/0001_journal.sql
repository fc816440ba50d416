-- Lists travel as one JSON parameter, in the words that SQLite has for it.
CREATE FUNCTION json_each(list text) RETURNS TABLE (value text) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 20
    AS 'SELECT jsonb_array_elements_text(list::jsonb)';

-- Which host decides and delivers. Every commit of that host renews the row first, so a host that was away can commit nothing once another has taken over.
CREATE TABLE lease (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    epoch      BIGINT NOT NULL,
    holder     TEXT   NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
INSERT INTO lease (one, epoch, holder, expires_at) VALUES (1, 0, '', '-infinity');

-- A position tells the day in which the entry came: day since 2026-01-01 times 10^12 plus a number. So a look-up by position reads one day's partition,
-- and the days of the future have bounds. Positions commit out of order: what waits is told by waiting_entries, never by a greatest position.
CREATE SEQUENCE journal_numbers MAXVALUE 999999999999 CYCLE;
CREATE FUNCTION next_position() RETURNS bigint LANGUAGE sql VOLATILE
    AS 'SELECT (floor(extract(epoch FROM clock_timestamp()) / 86400)::bigint - 20454) * 1000000000000 + nextval(''journal_numbers'')';

-- Everything that can change a journey, in the order of arrival. Rows are never changed: what became of an entry stands elsewhere.
CREATE TABLE journal (
    position    BIGINT NOT NULL PRIMARY KEY,
    kind        TEXT   NOT NULL,
    source      TEXT   NOT NULL,
    route       TEXT   NOT NULL,
    received_at BIGINT NOT NULL,
    body        BYTEA  NOT NULL,
    elided      TEXT,
    relation    TEXT,
    related     BIGINT,
    note        TEXT
) PARTITION BY RANGE (position);
CREATE TABLE journal_rest PARTITION OF journal DEFAULT;

-- Entries that are neither processed nor parked.
CREATE TABLE waiting_entries (position BIGINT PRIMARY KEY);

-- Copies of a record, by the day of the report.
CREATE TABLE record_keys (
    report_second BIGINT NOT NULL,
    lock          TEXT   NOT NULL,
    route         TEXT   NOT NULL,
    content_hash  BIGINT NOT NULL,
    position      BIGINT NOT NULL,
    PRIMARY KEY (report_second, lock, route, content_hash)
) PARTITION BY RANGE (report_second);
CREATE TABLE record_keys_rest PARTITION OF record_keys DEFAULT;

-- Makes the partitions of yesterday to a week ahead. A day of which rows lie in the partition for the rest stays there.
-- The application may call it and may make nothing else.
CREATE FUNCTION make_partitions() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    day bigint;
    today bigint := floor(extract(epoch FROM clock_timestamp()) / 86400)::bigint;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(4283947211);
    FOR day IN today - 1 .. today + 7 LOOP
        name := to_char(to_timestamp(day * 86400) AT TIME ZONE 'UTC', 'YYYYMMDD');
        IF to_regclass('journal_' || name) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE TABLE %I PARTITION OF journal FOR VALUES FROM (%s) TO (%s)',
                    'journal_' || name, (day - 20454) * 1000000000000, (day - 20453) * 1000000000000);
            EXCEPTION WHEN check_violation THEN
                RAISE WARNING 'journal_rest holds entries of %', name;
            END;
        END IF;
        IF to_regclass('record_keys_' || name) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE TABLE %I PARTITION OF record_keys FOR VALUES FROM (%s) TO (%s)', 'record_keys_' || name, day * 86400, (day + 1) * 86400);
            EXCEPTION WHEN check_violation THEN
                RAISE WARNING 'record_keys_rest holds keys of %', name;
            END;
        END IF;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION make_partitions() FROM PUBLIC;
SELECT make_partitions();

CREATE TABLE source_ids (
    source     TEXT   NOT NULL,
    source_id  TEXT   NOT NULL,
    fixed_hash BIGINT NOT NULL,
    position   BIGINT NOT NULL,
    PRIMARY KEY (source, source_id)
);

CREATE TABLE unreadable_bodies (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source      TEXT   NOT NULL,
    route       TEXT   NOT NULL,
    received_at BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    body        BYTEA  NOT NULL
);

CREATE TABLE parked_entries (
    position  BIGINT PRIMARY KEY,
    parked_at BIGINT NOT NULL,
    reason    TEXT   NOT NULL,
    retry     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX parked_entries_retry ON parked_entries (position) WHERE retry = 1;

CREATE TABLE entry_results (
    position BIGINT PRIMARY KEY,
    accepted BIGINT NOT NULL,
    code     TEXT   NOT NULL,
    text     TEXT   NOT NULL
);
