-- A called person's answer; the first one stands. $1 district, $2 person, $3 id, $4 at, $5 device's time, $6 lon, $7 lat, $8 accuracy, $9 photo, $10 note.
WITH place AS (SELECT CASE WHEN $6::float8 IS NULL THEN '' ELSE cell_at($1, $6::float8, $7::float8) END AS grid)
UPDATE roll_answer a SET answered_at = instant($4::bigint), device_at = instant($5::bigint), lon = $6::float8, lat = $7::float8, accuracy_m = $8::float8,
  grid = place.grid, photo = $9, note = $10,
  in_duty_grid = CASE WHEN $6::float8 IS NOT NULL AND EXISTS (SELECT FROM duty_lines_of($1, $2, instant($4::bigint), true))
    THEN EXISTS (SELECT FROM duty_lines_of($1, $2, instant($4::bigint), true) l JOIN cell c ON c.district = $1 AND c.grid = place.grid WHERE duty_line_holds(l, c)) END
FROM place
WHERE a.district = $1 AND a.person = $2 AND a.roll_call_id = $3::uuid AND a.answered_at IS NULL
