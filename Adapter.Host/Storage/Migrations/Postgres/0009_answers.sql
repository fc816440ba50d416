CREATE TABLE answers (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    destination TEXT   NOT NULL,
    message_id  TEXT   NOT NULL,
    received_at BIGINT NOT NULL,
    verdict     TEXT   NOT NULL,
    code        TEXT   NOT NULL,
    text        TEXT,
    effect      TEXT   NOT NULL,
    body        BYTEA  NOT NULL
);
CREATE INDEX answers_message ON answers (message_id);
