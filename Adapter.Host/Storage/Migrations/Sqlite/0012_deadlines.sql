-- When the next deadline of a journey is due. With the journey's row, so that it costs no write of its own.
ALTER TABLE subjects ADD COLUMN due_at INTEGER;
CREATE INDEX subjects_due ON subjects (due_at) WHERE due_at IS NOT NULL;
