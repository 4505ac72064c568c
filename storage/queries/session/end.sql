-- Ends sessions of a name: one ($3), or all but $4. $5 = why.
WITH changed AS (
  UPDATE session SET ended_at = now(), ended_why = $5
  WHERE district = $1 AND name = $2 AND ($3 = '' OR session_id = $3) AND session_id <> $4 AND ended_at IS NULL RETURNING district),
told AS (
  INSERT INTO session_version (district, version) SELECT DISTINCT district, 1 FROM changed
  ON CONFLICT (district) DO UPDATE SET version = session_version.version + 1)
SELECT count(*) FROM changed
