-- What waits for the coordination desk: third returns, disputed and unowned cases, page by page. $3-$4: the last one seen.
-- $2: only this street. Uses cases_desk and cases_third_return.
SELECT json_build_object('kind', x.kind, 'case_no', x.case_no, 'version', x.version, 'standard', x.standard,
  'category_kind', x.category_kind, 'code', x.code, 'condition', nullif(x.condition, ''), 'street', nullif(x.street, ''),
  'grid', nullif(x.grid, ''), 'unit', nullif(x.unit, ''), 'returns', x.returns, 'opened_at', rfc3339(x.opened_at, z.minutes),
  'due_at', rfc3339(x.due_at, z.minutes))::text, x.kind, x.case_no
FROM (
  SELECT 'third_return' AS kind, case_no, version, standard, kind AS category_kind, code, condition, street, grid, unit, returns, opened_at, due_at
  FROM cases WHERE district = $1 AND state = 'returned_by_unit' AND returns >= 2
  UNION ALL
  SELECT CASE WHEN 'disputed' = ANY (flags) THEN 'disputed' ELSE 'unowned' END, case_no, version, standard, kind, code, condition, street,
    grid, unit, returns, opened_at, due_at
  FROM cases WHERE district = $1 AND state = 'pending_dispatch' AND ('disputed' = ANY (flags) OR 'unowned' = ANY (flags))) x,
  LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE ($2 = '' OR x.street = $2) AND (x.kind, x.case_no) > ($3, $4)
ORDER BY x.kind, x.case_no LIMIT $5::int
