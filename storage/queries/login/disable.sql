-- Shuts a login, which ends its sessions, or opens it again. No row when it was so already.
WITH changed AS (
  UPDATE login SET disabled = $3::boolean WHERE district = $1 AND name = $2 AND disabled <> $3::boolean RETURNING district),
ended AS (
  UPDATE session SET ended_at = now(), ended_why = 'disabled'
  WHERE $3::boolean AND district = $1 AND name = $2 AND ended_at IS NULL AND EXISTS (SELECT FROM changed)),
told AS (
  INSERT INTO session_version (district, version) SELECT district, 1 FROM changed
  ON CONFLICT (district) DO UPDATE SET version = session_version.version + 1)
SELECT count(*) FROM changed
