ALTER TABLE messages ADD COLUMN in_doubt BIGINT NOT NULL DEFAULT 0;
CREATE INDEX messages_superseding ON messages (subject, supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX messages_corrections ON messages (corrects) WHERE corrects IS NOT NULL AND state IN ('queued', 'unmapped');
