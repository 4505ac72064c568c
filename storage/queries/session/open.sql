-- Somebody signed in.
WITH changed AS (
  INSERT INTO session (district, sha256, session_id, name, role, how, address, agent, opened_at, seen_at, expires_at)
  VALUES ($1, decode($2, 'hex'), $3, $4, $5, $6, $7, $8, instant($9::bigint), instant($9::bigint), instant($10::bigint))
  ON CONFLICT DO NOTHING RETURNING district),
told AS (
  INSERT INTO session_version (district, version) SELECT district, 1 FROM changed
  ON CONFLICT (district) DO UPDATE SET version = session_version.version + 1)
SELECT count(*) FROM changed
