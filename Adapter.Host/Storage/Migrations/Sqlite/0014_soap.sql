-- Messages that callers of the SOAP services gave an id, with what a repeat is answered.
CREATE TABLE soap_messages (
    service     TEXT    NOT NULL,
    caller      TEXT    NOT NULL,
    message_id  TEXT    NOT NULL,
    operation   TEXT    NOT NULL,
    sha256      TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    answer      BLOB,
    PRIMARY KEY (service, caller, message_id)
) STRICT, WITHOUT ROWID;
