-- What was changed of cases after month $2 was sealed and does not move it: amended (place, category), exempted, handed to enforcement. A line
-- each, with the step that did it. $3, $4: the last line seen. By cases_corrected.
WITH z AS (
  SELECT minutes, ($2 || '-01')::timestamp AT TIME ZONE 'UTC' - make_interval(mins => minutes) AS first,
    (($2 || '-01')::timestamp + interval '1 month') AT TIME ZONE 'UTC' - make_interval(mins => minutes) AS behind
  FROM (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) d
)
SELECT json_build_object('case_no', c.case_no, 'kind', CASE WHEN o.was[1] = 'counted_as' THEN 'amended' WHEN h.action = 'hand_to_enforcement' THEN 'enforcement' ELSE 'exempted' END,
  'sealed_to', o.was[2], 'version', h.version, 'at', rfc3339(h.at, z.minutes), 'recorded_at', rfc3339(h.recorded_at, z.minutes), 'by', h.actor, 'role', h.role, 'reason', nullif(h.reason, ''),
  'was', CASE WHEN o.was[1] = 'counted_as' THEN json_build_object('street', o.was[3], 'community', o.was[4], 'grid', o.was[5], 'class', o.was[6], 'category', o.was[7]) END,
  'now', CASE WHEN o.was[1] = 'counted_as' THEN json_build_object('street', c.street, 'community', c.community, 'grid', c.grid, 'class', c.class_code, 'category', c.code) END)::text,
  c.case_no, f
FROM z, cases c, unnest(c.flags) f, LATERAL (SELECT string_to_array(f, ':') AS was) o
  LEFT JOIN LATERAL (SELECT h.version, h.action, h.actor, h.role, h.at, h.recorded_at, h.reason FROM history h
    WHERE h.district = $1 AND h.case_no = c.case_no AND NOT h.transport AND position(f IN h.changes) > 0 ORDER BY h.version LIMIT 1) h ON true
WHERE c.district = $1 AND 'corrected' = ANY (c.flags) AND o.was[1] IN ('counted_as', 'counted_to') AND o.was[2] >= $2
  AND c.opened_at < z.behind AND (c.closed_at IS NULL OR c.closed_at >= z.first) AND (c.case_no, f) > ($3, $4)
ORDER BY c.case_no, f
LIMIT $5::int
