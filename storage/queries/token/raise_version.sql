-- Tells the doors that the district's tokens changed.
INSERT INTO token_version (district, version) VALUES ($1, 1)
ON CONFLICT (district) DO UPDATE SET version = token_version.version + 1 RETURNING version
