-- Schemas of receivers as administrators brought them. Never changed: another set has another name, so no document changes under its approval.
CREATE TABLE mapping_targets (
    name     TEXT    PRIMARY KEY,
    root     TEXT    NOT NULL,
    files    TEXT    NOT NULL, -- JSON: text by path
    added_by TEXT    NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE mapping_versions (
    document     TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    revision     INTEGER NOT NULL, -- one more with every change, so that nobody acts on what he has not seen
    state        TEXT    NOT NULL CHECK (state IN ('draft', 'checked', 'rehearsed', 'submitted', 'approved', 'live', 'superseded')),
    text         TEXT    NOT NULL, -- the document as its author wrote it
    files        TEXT    NOT NULL, -- JSON: files of its examples, text by name
    authors      TEXT    NOT NULL, -- all who saved it, each between bars: |alice|bob|
    saved_at     INTEGER NOT NULL,
    rehearsal    TEXT,             -- JSON: what the last rehearsal counted
    submitted_by TEXT,
    submitted_at INTEGER,
    approved_by  TEXT,
    approved_at  INTEGER,
    PRIMARY KEY (document, version),
    -- Four eyes, whatever the program does.
    CHECK (approved_by IS NULL OR (submitted_by IS NOT NULL AND approved_by <> submitted_by AND instr(authors, '|' || approved_by || '|') = 0)),
    CHECK (state NOT IN ('approved', 'live', 'superseded') OR approved_by IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX mapping_versions_live ON mapping_versions (document) WHERE state = 'live';

CREATE TRIGGER mapping_versions_are_frozen BEFORE UPDATE OF text, files, authors ON mapping_versions
WHEN OLD.state IN ('submitted', 'approved', 'live', 'superseded') AND (NEW.text IS NOT OLD.text OR NEW.files IS NOT OLD.files OR NEW.authors IS NOT OLD.authors)
BEGIN
    SELECT raise(ABORT, 'a submitted version of a mapping document never changes; send it back, or make another');
END;
CREATE TRIGGER mapping_versions_are_kept BEFORE DELETE ON mapping_versions
BEGIN
    SELECT raise(ABORT, 'versions of mapping documents are kept: messages name them');
END;

-- What went live when. Its last id tells every node whether to read again.
CREATE TABLE mapping_publications (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    by       TEXT    NOT NULL
) STRICT;

-- Recorded traffic is read by the journal's stretches.
CREATE INDEX messages_entry ON messages (entry, id);
