-- What everybody may know of a case (DECISIONS 116): class, rounded place, where it stands, days; no words, no photo, nobody's
-- name. Only filed ones of a catalogue whose sensitive categories are named ($4), from $2 on. The newest first. $1 district,
-- $3 present instant, $5-$8 west, south, east, north of the ROUNDED place (else a box would find the true one), $9 class,
-- $10 standing, $11 one case, $12-$13 the last row seen, $14 how many. Places: the middle of 0.002 degrees, some 200 m.
SELECT p.case_no, p.class_code, coalesce(k.class_zh, ''), coalesce(k.class_en, ''), p.code, coalesce(k.zh, ''), coalesce(k.en, ''),
  coalesce(s.zh, ''), coalesce(s.en, ''), coalesce(m.zh, ''), coalesce(m.en, ''),
  CASE WHEN NOT p.place_unusable THEN to_char(p.lon, 'FM990.000') END, CASE WHEN NOT p.place_unusable THEN to_char(p.lat, 'FM990.000') END,
  p.standing, (p.opened_at AT TIME ZONE 'UTC' + z.shift)::date, (p.last_at AT TIME ZONE 'UTC' + z.shift)::date,
  (p.closed_at AT TIME ZONE 'UTC' + z.shift)::date, millis(p.opened_at)
FROM (
  SELECT c.case_no, c.class_code, c.standard, c.kind, c.code, c.street, c.community, c.place_unusable, c.opened_at, c.last_at, c.closed_at,
    r.lon, r.lat, r.standing
  FROM cases c, LATERAL (SELECT floor(c.lon / 0.002) * 0.002 + 0.001 AS lon, floor(c.lat / 0.002) * 0.002 + 0.001 AS lat,
    CASE WHEN c.state IN ('closed', 'forced_closed', 'self_disposed_closed') THEN 'closed'
      WHEN c.state IN ('suspended', 'in_enforcement') THEN 'paused'
      WHEN c.state IN ('pending_review', 'checking', 'pending_close', 'awaiting_upstream') THEN 'checking'
      WHEN c.state IN ('pending_dispose', 'returned_by_unit', 'disposing', 'disposed') THEN 'in_hand'
      ELSE 'filed' END AS standing) r
  WHERE c.district = $1 AND c.opened_at >= instant($2::bigint) AND c.opened_at <= instant($3::bigint)
    AND (c.filed_at IS NOT NULL OR c.state = 'self_disposed_closed')
    AND c.state NOT IN ('voided', 'merged', 'transferred_out', 'not_filed', 'not_accepted')
    AND c.standard = 'gbt47678.5-2026' AND c.code <> ALL ($4::text[])
    AND ($5::float8 IS NULL OR (NOT c.place_unusable AND r.lon BETWEEN $5::float8 AND $7::float8 AND r.lat BETWEEN $6::float8 AND $8::float8))
    AND ($9 = '' OR c.class_code = $9) AND ($10 = '' OR r.standing = $10) AND ($11 = '' OR c.case_no = $11)
    AND ($12::bigint IS NULL OR (c.opened_at, c.case_no) < (instant($12::bigint), $13))
  ORDER BY c.opened_at DESC, c.case_no DESC LIMIT $14::int
) p
CROSS JOIN (SELECT make_interval(mins => coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480)) AS shift) z
LEFT JOIN category k ON k.district = $1 AND k.standard = p.standard AND k.kind = p.kind AND k.code = p.code
LEFT JOIN street s ON s.district = $1 AND s.code = p.street
LEFT JOIN community m ON m.district = $1 AND m.code = p.community
ORDER BY p.opened_at DESC, p.case_no DESC
