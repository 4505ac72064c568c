-- The district's offset from UTC in minutes ($1), and the present instant ($7).
LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes, instant($7::bigint) AS now) z
