-- A login unless it is there.
INSERT INTO login (district, name, password_hash) VALUES ($1, $2, $3) ON CONFLICT (district, name) DO NOTHING
