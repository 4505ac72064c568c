-- A reply promised until $3; said again, the newer word counts.
INSERT INTO reply_promise (district, report_id, until_at, made_by, made_at) VALUES ($1, $2, instant($3::bigint), $4, instant($5::bigint))
ON CONFLICT (district, report_id) DO UPDATE SET until_at = EXCLUDED.until_at, made_by = EXCLUDED.made_by, made_at = EXCLUDED.made_at
