-- Components within $4 metres of a point, the nearest first; of one kind when $5 names it (code). Uses component_place.
SELECT json_build_object('component_id', c.id, 'standard', c.standard, 'code', c.code, 'name', c.zh, 'zh', c.zh, 'en', c.en,
  'maintainer', nullif(c.maintainer, ''), 'owner', nullif(c.owner, ''), 'supervisor', nullif(c.supervisor, ''),
  'lon', ST_X(c.place), 'lat', ST_Y(c.place), 'metres', round(ST_Distance(c.place::geography, p.point::geography)::numeric, 1))::text
FROM component c, LATERAL (SELECT ST_SetSRID(ST_MakePoint($2::float8, $3::float8), 4490) AS point) p
WHERE c.district = $1 AND c.place && ST_Expand(p.point, $4::float8 / 111320 / greatest(cos(radians($3::float8)), 0.01), $4::float8 / 110000)
  AND ST_DWithin(c.place::geography, p.point::geography, $4::float8) AND ($5 = '' OR c.code = $5)
ORDER BY ST_Distance(c.place::geography, p.point::geography), c.id LIMIT $6::int
