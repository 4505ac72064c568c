-- The catalogue with its filing conditions, page by page; the first condition is the default. $2-$4: the last entry seen.
SELECT json_build_object(
  'standard', c.standard, 'kind', c.kind, 'code', c.code, 'name', c.zh, 'zh', c.zh, 'en', c.en,
  'class', json_build_object('code', c.class_code, 'zh', c.class_zh, 'en', c.class_en),
  'valid_from', rfc3339(c.valid_from, z.minutes), 'valid_to', rfc3339(c.valid_to, z.minutes),
  'photos_least', c.photos_least, 'photo_rule', json_build_object('zh', c.photo_rule_zh, 'en', c.photo_rule_en),
  'do_not_report', json_build_object('zh', c.do_not_report_zh, 'en', c.do_not_report_en), 'same_period', c.same_period,
  'other_codes', (SELECT coalesce(json_agg(json_build_object('standard', m.standard, 'kind', m.kind, 'code', m.code, 'relation', m.relation) ORDER BY m.standard, m.code), '[]') FROM (
    SELECT old_standard AS standard, old_kind AS kind, old_code AS code, x.kind AS relation FROM cross_map x
    WHERE x.district = c.district AND (x.new_standard, x.new_kind, x.new_code) = (c.standard, c.kind, c.code)
    UNION ALL SELECT new_standard, new_kind, new_code, x.kind FROM cross_map x
    WHERE x.district = c.district AND (x.old_standard, x.old_kind, x.old_code) = (c.standard, c.kind, c.code)) m),
  'conditions', (SELECT coalesce(json_agg(json_build_object('id', f.id, 'zh', f.zh, 'en', f.en, 'clock', f.clock, 'minutes', f.minutes,
    'thresholds', nullif(f.thresholds, ''), 'closing', string_to_array(nullif(f.closing, ''), ' '),
    'by_area', (SELECT json_object_agg(l.area_level, json_build_object('clock', l.clock, 'minutes', l.minutes) ORDER BY l.area_level)
                FROM condition_limit l WHERE (l.district, l.standard, l.kind, l.code, l.id) = (f.district, f.standard, f.kind, f.code, f.id))) ORDER BY f.seq), '[]')
                 FROM condition f WHERE f.district = c.district AND f.standard = c.standard AND f.kind = c.kind AND f.code = c.code)
)::text, c.standard, c.kind, c.code
FROM category c, LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE c.district = $1 AND (c.standard, c.kind, c.code) > ($2, $3, $4)
ORDER BY c.standard, c.kind, c.code
LIMIT $5::int
