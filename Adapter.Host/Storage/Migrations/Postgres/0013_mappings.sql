CREATE TABLE mapping_targets (
    name     TEXT   PRIMARY KEY,
    root     TEXT   NOT NULL,
    files    TEXT   NOT NULL,
    added_by TEXT   NOT NULL,
    added_at BIGINT NOT NULL
);

CREATE TABLE mapping_versions (
    document     TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('draft', 'checked', 'rehearsed', 'submitted', 'approved', 'live', 'superseded')),
    text         TEXT   NOT NULL,
    files        TEXT   NOT NULL,
    authors      TEXT   NOT NULL,
    saved_at     BIGINT NOT NULL,
    rehearsal    TEXT,
    submitted_by TEXT,
    submitted_at BIGINT,
    approved_by  TEXT,
    approved_at  BIGINT,
    PRIMARY KEY (document, version),
    -- Four eyes, whatever the program does.
    CHECK (approved_by IS NULL OR (submitted_by IS NOT NULL AND approved_by <> submitted_by AND position('|' || approved_by || '|' IN authors) = 0)),
    CHECK (state NOT IN ('approved', 'live', 'superseded') OR approved_by IS NOT NULL)
);
CREATE UNIQUE INDEX mapping_versions_live ON mapping_versions (document) WHERE state = 'live';

CREATE FUNCTION mapping_versions_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a submitted version of a mapping document never changes; send it back, or make another';
END $$;
CREATE TRIGGER mapping_versions_are_frozen BEFORE UPDATE OF text, files, authors ON mapping_versions FOR EACH ROW
WHEN (OLD.state IN ('submitted', 'approved', 'live', 'superseded') AND (NEW.text, NEW.files, NEW.authors) IS DISTINCT FROM (OLD.text, OLD.files, OLD.authors))
EXECUTE FUNCTION mapping_versions_are_frozen();

CREATE FUNCTION mapping_versions_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'versions of mapping documents are kept: messages name them';
END $$;
CREATE TRIGGER mapping_versions_are_kept BEFORE DELETE ON mapping_versions FOR EACH ROW EXECUTE FUNCTION mapping_versions_are_kept();

CREATE TABLE mapping_publications (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    by       TEXT   NOT NULL
);

CREATE INDEX messages_entry ON messages (entry, id);
