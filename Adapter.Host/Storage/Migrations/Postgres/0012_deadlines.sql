ALTER TABLE subjects ADD COLUMN due_at BIGINT;
CREATE INDEX subjects_due ON subjects (due_at) WHERE due_at IS NOT NULL;
