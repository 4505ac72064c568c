-- A mark of on or off duty; sent twice it is one. $1 district, $2 mark, $3 person, $4 on, $5 at, $6 device's time, $7 lon, $8 lat, $9 accuracy.
INSERT INTO duty_mark (district, mark_id, person, on_duty, at, device_at, lon, lat, accuracy_m, grid)
VALUES ($1, $2::uuid, $3, $4::boolean, instant($5::bigint), instant($6::bigint), $7::float8, $8::float8, $9::float8,
        CASE WHEN $7::float8 IS NULL THEN '' ELSE cell_at($1, $7::float8, $8::float8) END)
ON CONFLICT DO NOTHING
