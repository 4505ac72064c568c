-- The beat, only for the present epoch.
INSERT INTO beat (district, renewed_at)
SELECT district, now() FROM fence WHERE district = $1 AND epoch = $2::bigint
ON CONFLICT (district) DO UPDATE SET renewed_at = excluded.renewed_at
RETURNING district
