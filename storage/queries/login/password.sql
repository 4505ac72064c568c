-- A new password ends every session of the name but $5.
WITH changed AS (
  UPDATE login SET password_hash = $3, must_change = $4::boolean, password_at = now() WHERE district = $1 AND name = $2 RETURNING district),
ended AS (
  UPDATE session SET ended_at = now(), ended_why = 'password'
  WHERE district = $1 AND name = $2 AND session_id <> $5 AND ended_at IS NULL AND EXISTS (SELECT FROM changed)),
told AS (
  INSERT INTO session_version (district, version) SELECT district, 1 FROM changed
  ON CONFLICT (district) DO UPDATE SET version = session_version.version + 1)
SELECT count(*) FROM changed
