CREATE TABLE gaps (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source       TEXT   NOT NULL,
    route        TEXT   NOT NULL,
    reason       TEXT   NOT NULL,
    first_at     BIGINT NOT NULL,
    last_at      BIGINT NOT NULL,
    refused      BIGINT NOT NULL,
    closed_at    BIGINT,
    closed_by    TEXT,
    close_reason TEXT
);
CREATE INDEX gaps_open ON gaps (source, route, reason, last_at) WHERE closed_at IS NULL;

CREATE TABLE listening (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    at  BIGINT NOT NULL
);
