-- Marks, the newest first: attendance as it was said. $2 person ('' = all), $3 street of who asks, $4, $5 from and to, $6-$7 the last one seen.
SELECT json_build_object('mark_id', m.mark_id, 'person', m.person, 'on_duty', m.on_duty, 'at', rfc3339(m.at, z.minutes), 'device_at', rfc3339(m.device_at, z.minutes),
  'lon', m.lon, 'lat', m.lat, 'accuracy_m', m.accuracy_m, 'grid', nullif(m.grid, ''))::text, m.at::text, m.mark_id
FROM duty_mark m, LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE m.district = $1 AND ($2 = '' OR m.person = $2)
  AND ($3 = '' OR EXISTS (SELECT FROM duty_line l WHERE l.district = $1 AND l.patroller = m.person AND l.street IN ('', $3)))
  AND ($4::bigint IS NULL OR m.at >= instant($4::bigint)) AND ($5::bigint IS NULL OR m.at < instant($5::bigint))
  AND ($6::timestamptz IS NULL OR (m.at, m.mark_id) < ($6::timestamptz, $7::uuid))
ORDER BY m.at DESC, m.mark_id DESC
LIMIT $8::int
