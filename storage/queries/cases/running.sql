-- Open cases whose disposal clock runs, by deadline. $2-$3: the last one seen. Uses open_due.
SELECT
/*include parts/case_columns.sql*/
FROM cases c
WHERE c.district = $1 AND c.closed_at IS NULL AND c.due_at IS NOT NULL AND c.run_from IS NOT NULL AND c.left_ms IS NULL
  AND c.handed_over_at IS NULL
  AND ($2::bigint IS NULL OR (coalesce(c.due_at, 'infinity'), c.case_no) > (instant($2::bigint), $3))
ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
LIMIT $4
