-- The offered key counts from now on. $3 = the step whose code proved it, $4 = SHA-256 of the recovery codes, in hex.
WITH changed AS (
  UPDATE login SET totp_key = totp_offered, totp_offered = '', totp_step = $3::bigint,
    recovery = (SELECT array_agg(decode(code, 'hex')) FROM unnest($4::text[]) code)
  WHERE district = $1 AND name = $2 AND totp_offered <> '' RETURNING district),
told AS (
  INSERT INTO session_version (district, version) SELECT district, 1 FROM changed
  ON CONFLICT (district) DO UPDATE SET version = session_version.version + 1)
SELECT count(*) FROM changed
