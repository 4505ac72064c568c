-- The cells of somebody's roster lines of today, small enough for a phone to keep. $2 person, $3 now, $4 the last cell seen.
SELECT json_build_object('grid', c.grid, 'street', c.street, 'street_name', (SELECT s.zh FROM street s WHERE s.district = c.district AND s.code = c.street),
  'community', c.community, 'community_name', (SELECT m.zh FROM community m WHERE m.district = c.district AND m.code = c.community),
  'ring', (ST_AsGeoJSON(ST_ExteriorRing(c.shape), 6)::json) -> 'coordinates')::text, c.grid
FROM cell c
WHERE c.district = $1 AND (c.end_date IS NULL OR c.end_date > current_date) AND c.grid > $4
  AND EXISTS (SELECT FROM duty_lines_of($1, $2, instant($3::bigint), false) l WHERE duty_line_holds(l, c))
ORDER BY c.grid
LIMIT $5::int
