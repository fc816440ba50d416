-- Makes the partitions of one table, from yesterday to a week ahead. A day of which rows lie in the partition for the rest stays there.
-- One table in a transaction: one that held the journal and waited for the keys would wait for a writer that waits for it. And for two seconds at most, because
-- whoever comes after stands in line behind it, and a backup reads for hours. The application may call it and may make nothing else.
DROP FUNCTION make_partitions();
CREATE FUNCTION make_partitions(parent text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    today  bigint := floor(extract(epoch FROM clock_timestamp()) / 86400)::bigint;
    origin bigint := CASE parent WHEN 'journal' THEN 20454 WHEN 'record_keys' THEN 0 END;
    span   bigint := CASE parent WHEN 'journal' THEN 1000000000000 WHEN 'record_keys' THEN 86400 END;
    made   bigint := 0;
    day    bigint;
    name   text;
BEGIN
    IF origin IS NULL THEN
        RAISE EXCEPTION '% has no partitions of days', parent;
    END IF;
    PERFORM pg_advisory_xact_lock(4283947211);
    FOR day IN today - 1 .. today + 7 LOOP
        name := parent || '_' || to_char(to_timestamp(day * 86400) AT TIME ZONE 'UTC', 'YYYYMMDD');
        IF to_regclass(name) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%s) TO (%s)', name, parent, (day - origin) * span, (day - origin + 1) * span);
                made := made + 1;
            EXCEPTION WHEN check_violation THEN
                RAISE WARNING '%_rest holds rows of %', parent, name;
            END;
        END IF;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION make_partitions(text) FROM PUBLIC;
