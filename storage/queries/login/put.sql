-- A login, made or given a new password; an empty one changes nothing of who is there. $4 = must be changed at the first sign-in.
INSERT INTO login (district, name, password_hash, must_change) VALUES ($1, $2, $3, $4::boolean)
ON CONFLICT (district, name) DO UPDATE SET password_hash = excluded.password_hash, must_change = excluded.must_change, password_at = now()
WHERE excluded.password_hash <> ''
