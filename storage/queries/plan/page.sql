-- Emergency plans, whether they are on, and when they were, page by page.
SELECT json_build_object('key', p.key, 'name', p.zh, 'zh', p.zh, 'en', p.en, 'urgent', string_to_array(nullif(p.urgent, ''), ' '),
  'urgent_minutes', p.urgent_minutes, 'relaxed', string_to_array(nullif(p.relaxed, ''), ' '),
  'clocks', string_to_array(nullif(p.clocks, ''), ' '), 'percent', p.percent,
  'on', EXISTS (SELECT 1 FROM plan_switch s WHERE s.district = p.district AND s.plan = p.key AND s.off_at IS NULL),
  'switches', (SELECT coalesce(json_agg(json_build_object('on_at', rfc3339(s.on_at, z.minutes), 'on_by', s.on_by, 'on_reason', s.on_reason,
      'off_at', rfc3339(s.off_at, z.minutes), 'off_by', nullif(s.off_by, ''), 'off_reason', nullif(s.off_reason, '')) ORDER BY s.on_at), '[]')
    FROM plan_switch s WHERE s.district = p.district AND s.plan = p.key))::text, p.key
FROM plan p, LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE p.district = $1 AND p.key > $2 ORDER BY p.key LIMIT $3::int
