-- Seals a month, once; the district's version rises so that every dispatcher hears of it.
WITH raised AS (
  UPDATE district SET version = version + 1 WHERE code = $1 AND NOT EXISTS (SELECT FROM month_seal WHERE district = $1 AND month = $2)
)
INSERT INTO month_seal (district, month, to_at, as_of, content, digest, signature, sealed_by, sealed_at)
VALUES ($1, $2, instant($3::bigint), instant($4::bigint), $5, $6, $7, $8, now())
