-- Without one-time codes again (the telephone is lost).
WITH changed AS (
  UPDATE login SET totp_key = '', totp_offered = '', recovery = '{}'
  WHERE district = $1 AND name = $2 AND (totp_key <> '' OR totp_offered <> '') RETURNING district),
told AS (
  INSERT INTO session_version (district, version) SELECT district, 1 FROM changed
  ON CONFLICT (district) DO UPDATE SET version = session_version.version + 1)
SELECT count(*) FROM changed
