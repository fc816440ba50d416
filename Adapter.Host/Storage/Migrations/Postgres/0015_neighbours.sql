CREATE TABLE neighbour_messages (
    neighbour   TEXT   NOT NULL,
    reference   TEXT   NOT NULL,
    lane        TEXT,
    number      BIGINT,
    received_at BIGINT NOT NULL,
    body_sha256 TEXT   NOT NULL,
    entry       BIGINT,
    state       TEXT   NOT NULL,
    answer      BYTEA,
    PRIMARY KEY (neighbour, reference)
);
CREATE INDEX neighbour_numbers ON neighbour_messages (neighbour, lane, number) WHERE number IS NOT NULL;
CREATE INDEX neighbour_pending ON neighbour_messages (received_at) WHERE state = 'pending';
