-- Versions of all parts, page by page.
SELECT json_build_object('part', v.part, 'version', v.version, 'at', rfc3339(v.at, z.minutes), 'by', v.by_whom, 'note', v.note,
  'rows', (SELECT count(*) FROM jsonb_object_keys(v.content)))::text, v.part, lpad(v.version::text, 12, '0')
FROM standing_version v, LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE v.district = $1 AND (v.part, lpad(v.version::text, 12, '0')) > ($2, $3) ORDER BY v.part, v.version LIMIT $4::int
