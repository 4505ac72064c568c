-- Open cases by deadline, those without one last: the queue ($24 is true). $27-$28: the last row seen. Uses open_due and
-- its sisters.
SELECT
/*include parts/case_item.sql*/
  , (coalesce(c.due_at, 'infinity'))::text, c.case_no
FROM (
  SELECT c.* FROM cases c, (SELECT instant($7::bigint) AS now) z
  WHERE
/*include parts/scope.sql*/
/*include parts/case_filter.sql*/
  AND ($27::timestamptz IS NULL OR (coalesce(c.due_at, 'infinity'), c.case_no) > ($27::timestamptz, $28))
  ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
  LIMIT $29
) c,
/*include parts/zone.sql*/
ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
