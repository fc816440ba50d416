CREATE TABLE soap_messages (
    service     TEXT   NOT NULL,
    caller      TEXT   NOT NULL,
    message_id  TEXT   NOT NULL,
    operation   TEXT   NOT NULL,
    sha256      TEXT   NOT NULL,
    received_at BIGINT NOT NULL,
    answer      BYTEA,
    PRIMARY KEY (service, caller, message_id)
);
