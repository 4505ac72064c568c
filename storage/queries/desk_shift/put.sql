-- The whole plan of shifts anew ($2 minutes, $3 and $4 names).
WITH gone AS (DELETE FROM desk_shift WHERE district = $1 AND NOT minute = ANY ($2::int[]))
INSERT INTO desk_shift (district, minute, zh, en) SELECT $1, m, zh, en FROM unnest($2::int[], $3::text[], $4::text[]) t(m, zh, en)
ON CONFLICT (district, minute) DO UPDATE SET zh = EXCLUDED.zh, en = EXCLUDED.en
