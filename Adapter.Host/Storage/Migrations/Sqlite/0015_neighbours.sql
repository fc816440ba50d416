-- What neighbouring customs sent, by their own references, and what they were answered. Never pruned while its movement is open.
CREATE TABLE neighbour_messages (
    neighbour   TEXT    NOT NULL,
    reference   TEXT    NOT NULL, -- FunctionalReferenceID
    lane        TEXT,             -- what its number counts in: the MRN
    number      INTEGER,
    received_at INTEGER NOT NULL,
    body_sha256 TEXT    NOT NULL,
    entry       INTEGER,          -- the journal entry that it became
    state       TEXT    NOT NULL, -- pending, accepted, rejected
    answer      BLOB,             -- null while pending
    PRIMARY KEY (neighbour, reference)
) STRICT, WITHOUT ROWID;
CREATE INDEX neighbour_numbers ON neighbour_messages (neighbour, lane, number) WHERE number IS NOT NULL;
CREATE INDEX neighbour_pending ON neighbour_messages (received_at) WHERE state = 'pending';
