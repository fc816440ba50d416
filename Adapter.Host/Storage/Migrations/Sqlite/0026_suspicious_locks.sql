-- Locks that no journey owns and of which something was found: few among many.
CREATE INDEX subjects_suspicious ON subjects (updated_at) WHERE kind = 'Lock' AND status = 'suspicious';
