-- A load's first row: makes the district or raises its version.
INSERT INTO district (code, zh, en, exchange_code, utc_offset_minutes, policy, version, fingerprint)
VALUES ($1, $2, $3, $4, $5, $6::jsonb, 1, $7)
ON CONFLICT (code) DO UPDATE SET zh = excluded.zh, en = excluded.en, exchange_code = excluded.exchange_code,
  utc_offset_minutes = excluded.utc_offset_minutes, policy = excluded.policy, version = district.version + 1,
  fingerprint = excluded.fingerprint, loaded_at = now()
RETURNING version
