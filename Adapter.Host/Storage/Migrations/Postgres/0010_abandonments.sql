CREATE TABLE abandonments (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    destination TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    head        BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    asked_by    TEXT   NOT NULL,
    asked_at    BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    done_by     TEXT,
    done_at     BIGINT,
    CHECK (done_by IS NULL OR done_by <> asked_by)
);
CREATE UNIQUE INDEX abandonments_open ON abandonments (destination, subject) WHERE done_by IS NULL;
