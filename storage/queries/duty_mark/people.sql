-- Who patrols, and whether on duty now: everybody of the roster or of a patroller's account. A mark of on holds 16 hours. $2 person ('' = all),
-- $3 street of who asks, $4 now, $5 the last one seen.
SELECT json_build_object('person', p.person, 'on_duty', coalesce(m.on_duty AND m.at > n.now - interval '16 hours', false),
  'since', rfc3339(m.at, z.minutes), 'device_at', rfc3339(m.device_at, z.minutes), 'lon', m.lon, 'lat', m.lat, 'accuracy_m', m.accuracy_m, 'grid', nullif(m.grid, ''),
  'gallery_photos', coalesce((SELECT (d.policy ->> 'gallery_photos')::boolean FROM district d WHERE d.code = $1), false), 'rostered_now', EXISTS (SELECT FROM duty_lines_of($1, p.person, n.now, true)),
  'lines', (SELECT coalesce(json_agg(json_build_object('name', coalesce(nullif(l.grid, ''), (SELECT a.zh FROM area a WHERE a.district = $1 AND a.layer = 'duty' AND a.code = l.duty_grid),
      (SELECT c.zh FROM community c WHERE c.district = $1 AND c.code = l.community), (SELECT s.zh FROM street s WHERE s.district = $1 AND s.code = l.street)), 'street', nullif(l.street, ''), 'community', nullif(l.community, ''), 'duty_grid', nullif(l.duty_grid, ''),
      'grid', nullif(l.grid, ''), 'from', to_char(make_interval(mins => l.from_minute), 'HH24:MI'), 'to', to_char(make_interval(mins => l.to_minute), 'HH24:MI'))
      ORDER BY l.from_minute, l.line), '[]') FROM duty_lines_of($1, p.person, n.now, false) l))::text, p.person
FROM
/*include parts/patrollers.sql*/
  p
  LEFT JOIN LATERAL (SELECT * FROM duty_mark d WHERE d.district = $1 AND d.person = p.person ORDER BY d.at DESC, d.mark_id DESC LIMIT 1) m ON true,
  LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z,
  LATERAL (SELECT instant($4::bigint) AS now) n
WHERE ($2 = '' OR p.person = $2)
  AND ($3 = '' OR EXISTS (SELECT FROM duty_line l WHERE l.district = $1 AND l.patroller = p.person AND l.street IN ('', $3)))
  AND p.person > $5
ORDER BY p.person
LIMIT $6::int
