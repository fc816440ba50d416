-- What a mapping document read of a neighbour's message, and which version understood it: for explanations and rehearsals.
ALTER TABLE neighbour_messages ADD COLUMN source BLOB;              -- the message with who sent it around it; null where it came before this migration
ALTER TABLE neighbour_messages ADD COLUMN document TEXT;
ALTER TABLE neighbour_messages ADD COLUMN document_version INTEGER;
-- The wsa:MessageID that it came under; later answers name it in wsa:RelatesTo.
ALTER TABLE neighbour_messages ADD COLUMN message_id TEXT;
CREATE INDEX neighbour_documents ON neighbour_messages (document, entry) WHERE document IS NOT NULL;

ALTER TABLE messages ADD COLUMN relates_to TEXT;
