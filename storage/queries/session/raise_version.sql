-- Tells the doors that who may be signed in has changed.
INSERT INTO session_version (district, version) VALUES ($1, 1)
ON CONFLICT (district) DO UPDATE SET version = session_version.version + 1
