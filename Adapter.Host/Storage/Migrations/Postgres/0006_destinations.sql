CREATE TABLE destination_history (
    name       TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    until      BIGINT NOT NULL,
    definition TEXT   NOT NULL,
    PRIMARY KEY (name, version)
);

CREATE TABLE destination_holds (
    name    TEXT   PRIMARY KEY,
    held_by TEXT   NOT NULL,
    since   BIGINT NOT NULL,
    reason  TEXT   NOT NULL
);

ALTER TABLE lanes ADD COLUMN cause TEXT;
ALTER TABLE lanes ADD COLUMN escalated BIGINT NOT NULL DEFAULT 0;
CREATE INDEX lanes_cause ON lanes (destination, state, cause) WHERE state IN ('parked', 'unknown');
