-- A token's hash; one that is there stays as it is.
INSERT INTO token (district, sha256, name, role, street, unit, squad, sources, backdate, expires_at)
VALUES ($1, $2::bytea, $3, $4, $5, $6, $7, $8::text[], $9, to_timestamp($10::double precision))
ON CONFLICT (district, sha256) DO NOTHING
