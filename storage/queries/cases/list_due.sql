-- Open cases by deadline, those without one last: the queue ($24 is true). $25-$26: the last row seen. Uses open_due and
-- its sisters.
SELECT
/*include parts/case_item.sql*/
  , (coalesce(c.due_at, 'infinity'))::text, c.case_no
FROM (
  SELECT c.* FROM cases c, (SELECT instant($7::bigint) AS now) z
  WHERE
/*include parts/scope.sql*/
/*include parts/case_filter.sql*/
  AND ($25::timestamptz IS NULL OR (coalesce(c.due_at, 'infinity'), c.case_no) > ($25::timestamptz, $26))
  ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
  LIMIT $27
) c,
/*include parts/zone.sql*/
ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
