-- Open and ended cases by deadline, those without one last. Two halves, so that each is read in order from its own
-- index: open_due and its sisters, ended_due. $25-$26: the last row seen.
SELECT
/*include parts/case_item.sql*/
  , (coalesce(c.due_at, 'infinity'))::text, c.case_no
FROM (
  SELECT * FROM (
    (SELECT c.* FROM cases c, (SELECT instant($7::bigint) AS now) z
     WHERE c.closed_at IS NULL AND
/*include parts/scope.sql*/
/*include parts/case_filter.sql*/
     AND ($25::timestamptz IS NULL OR (coalesce(c.due_at, 'infinity'), c.case_no) > ($25::timestamptz, $26))
     ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
     LIMIT $27)
    UNION ALL
    (SELECT c.* FROM cases c, (SELECT instant($7::bigint) AS now) z
     WHERE c.closed_at IS NOT NULL AND
/*include parts/scope.sql*/
/*include parts/case_filter.sql*/
     AND ($25::timestamptz IS NULL OR (coalesce(c.due_at, 'infinity'), c.case_no) > ($25::timestamptz, $26))
     ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
     LIMIT $27)
  ) both_halves
  ORDER BY coalesce(due_at, 'infinity'), case_no
  LIMIT $27
) c,
/*include parts/zone.sql*/
ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
