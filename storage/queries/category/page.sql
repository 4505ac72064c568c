-- The catalogue with its filing conditions, page by page; the first condition is the default. $2-$4: the last entry seen.
SELECT json_build_object(
  'standard', c.standard, 'kind', c.kind, 'code', c.code, 'name', c.zh, 'zh', c.zh, 'en', c.en,
  'class', json_build_object('code', c.class_code, 'zh', c.class_zh, 'en', c.class_en),
  'valid_to', rfc3339(c.valid_to, z.minutes),
  'conditions', (SELECT coalesce(json_agg(json_build_object('id', f.id, 'zh', f.zh, 'en', f.en, 'clock', f.clock, 'minutes', f.minutes) ORDER BY f.seq), '[]')
                 FROM condition f WHERE f.district = c.district AND f.standard = c.standard AND f.kind = c.kind AND f.code = c.code)
)::text, c.standard, c.kind, c.code
FROM category c, LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE c.district = $1 AND (c.standard, c.kind, c.code) > ($2, $3, $4)
ORDER BY c.standard, c.kind, c.code
LIMIT $5::int
