CREATE TABLE destinations (
    name       TEXT   PRIMARY KEY,
    version    BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    definition TEXT   NOT NULL
);

CREATE TABLE lanes (
    destination TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    last_number BIGINT NOT NULL,
    head        BIGINT,
    state       TEXT   NOT NULL,
    due_at      BIGINT,
    attempts    BIGINT NOT NULL,
    tries       BIGINT NOT NULL,
    reason      TEXT,
    since       BIGINT NOT NULL,
    PRIMARY KEY (destination, subject)
);
CREATE INDEX lanes_due ON lanes (destination, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX lanes_stuck ON lanes (since) WHERE state IN ('parked', 'unknown');

CREATE TABLE messages (
    id           TEXT   PRIMARY KEY,
    destination  TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    number       BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    decision_key TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    occurred_at  BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    entry        BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    settled_at   BIGINT,
    corrects     TEXT,
    supersedes   TEXT,
    document     TEXT   NOT NULL,
    doc_version  BIGINT NOT NULL,
    source       BYTEA  NOT NULL,
    soap         TEXT   NOT NULL,
    action       TEXT   NOT NULL,
    body         BYTEA,
    body_sha256  TEXT,
    problem      TEXT
);
CREATE UNIQUE INDEX messages_lane ON messages (destination, subject, number, revision);

CREATE TABLE attempts (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id  TEXT   NOT NULL,
    purpose     TEXT   NOT NULL,
    started_at  BIGINT NOT NULL,
    finished_at BIGINT,
    outcome     TEXT,
    http_status BIGINT,
    detail      TEXT,
    reply       BYTEA
);
CREATE INDEX attempts_message ON attempts (message_id);
CREATE INDEX attempts_open ON attempts (message_id) WHERE finished_at IS NULL;
