-- Dispatches of a time and how many of them came back by an approved return, by officer, unit or rule. Uses history_case.
WITH moves AS (
  SELECT h.case_no, h.version, h.action, h.actor, h.at, lead(h.action) OVER (PARTITION BY h.case_no ORDER BY h.version) AS next
  FROM history h
  WHERE h.district = $1 AND NOT h.transport AND h.action IN ('dispatch', 'approve_return') AND h.recorded_at >= instant($2::bigint)),
given AS (
  SELECT m.actor, m.next, s.unit, coalesce((
      SELECT e.value ->> 1 FROM history r, json_array_elements(r.changes::json) e
      WHERE r.district = $1 AND r.case_no = m.case_no AND r.version <= m.version AND NOT r.transport AND e.value ->> 0 = 'route_rule'
      ORDER BY r.version DESC LIMIT 1), '') AS rule
  FROM moves m JOIN span s ON s.district = $1 AND s.case_no = m.case_no AND s.version = m.version
  WHERE m.action = 'dispatch' AND m.at >= instant($2::bigint) AND m.at < instant($3::bigint))
SELECT CASE $4 WHEN 'officer' THEN actor WHEN 'unit' THEN unit ELSE rule END, count(*), count(*) FILTER (WHERE next = 'approve_return')
FROM given GROUP BY 1 ORDER BY 1
