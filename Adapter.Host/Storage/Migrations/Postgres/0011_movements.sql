-- A manifest finds the journeys that name it.
CREATE INDEX subjects_manifest ON subjects (manifest_number) WHERE manifest_number IS NOT NULL;
