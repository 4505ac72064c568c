-- A token's hash. One that is there only lives longer, by a day at least so that a restart changes nothing.
INSERT INTO token (district, sha256, name, role, street, unit, squad, sources, backdate, expires_at)
VALUES ($1, $2::bytea, $3, $4, $5, $6, $7, $8::text[], $9, to_timestamp($10::double precision))
ON CONFLICT (district, sha256) DO UPDATE SET expires_at = excluded.expires_at
WHERE NOT token.revoked AND token.expires_at < excluded.expires_at - interval '1 day'
