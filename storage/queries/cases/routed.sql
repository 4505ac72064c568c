-- Filed cases of a time, as routing sees them: what, where, and the bodies of their component. Uses cases_opened.
SELECT c.case_no, c.standard, c.kind, c.code, c.class_code, c.condition, c.grid, c.community, c.street, c.area_level, c.source,
  c.campaign, c.component_id, c.lon, c.lat, millis(c.filed_at), coalesce(k.maintainer, ''), coalesce(k.owner, ''), k.id IS NOT NULL
FROM cases c LEFT JOIN component k ON k.district = c.district AND k.id = c.component_id
WHERE c.district = $1 AND c.opened_at >= instant($2::bigint) AND c.opened_at < instant($3::bigint) AND c.filed_at IS NOT NULL
ORDER BY c.opened_at, c.case_no LIMIT $4::int
