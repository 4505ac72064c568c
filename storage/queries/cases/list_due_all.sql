-- Open and ended cases by deadline, those without one last. Two halves, so that each is read in order from its own
-- index: open_due and its sisters, ended_due. $27-$28: the last row seen.
SELECT
/*include parts/case_item.sql*/
  , (coalesce(c.due_at, 'infinity'))::text, c.case_no
FROM (
  SELECT * FROM (
    (SELECT c.* FROM cases c, (SELECT instant($7::bigint) AS now) z
     WHERE c.closed_at IS NULL AND
/*include parts/scope.sql*/
/*include parts/case_filter.sql*/
     AND ($27::timestamptz IS NULL OR (coalesce(c.due_at, 'infinity'), c.case_no) > ($27::timestamptz, $28))
     ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
     LIMIT $29)
    UNION ALL
    (SELECT c.* FROM cases c, (SELECT instant($7::bigint) AS now) z
     WHERE c.closed_at IS NOT NULL AND
/*include parts/scope.sql*/
/*include parts/case_filter.sql*/
     AND ($27::timestamptz IS NULL OR (coalesce(c.due_at, 'infinity'), c.case_no) > ($27::timestamptz, $28))
     ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
     LIMIT $29)
  ) both_halves
  ORDER BY coalesce(due_at, 'infinity'), case_no
  LIMIT $29
) c,
/*include parts/zone.sql*/
ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
