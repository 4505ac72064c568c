-- One's own mark, as it was kept.
SELECT json_build_object('mark_id', m.mark_id, 'person', m.person, 'on_duty', m.on_duty, 'at', rfc3339(m.at, z.minutes), 'device_at', rfc3339(m.device_at, z.minutes),
  'lon', m.lon, 'lat', m.lat, 'accuracy_m', m.accuracy_m, 'grid', nullif(m.grid, ''))::text, m.on_duty
FROM duty_mark m, LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE m.district = $1 AND m.mark_id = $2::uuid AND m.person = $3
