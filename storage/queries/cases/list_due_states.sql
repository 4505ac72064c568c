-- The queue of some states by deadline: each state is read in order from open_state, and the few that can stand on the
-- page are merged. `state = ANY` alone would sort every case of them. $25-$26: the last row seen.
SELECT
/*include parts/case_item.sql*/
  , (coalesce(c.due_at, 'infinity'))::text, c.case_no
FROM (
  SELECT one_state.* FROM unnest($8::text[]) AS wanted (state), LATERAL (
    SELECT c.* FROM cases c, (SELECT instant($7::bigint) AS now) z
    WHERE
/*include parts/scope.sql*/
/*include parts/case_filter.sql*/
    AND c.state = wanted.state
    AND ($25::timestamptz IS NULL OR (coalesce(c.due_at, 'infinity'), c.case_no) > ($25::timestamptz, $26))
    ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
    LIMIT $27) one_state
  ORDER BY coalesce(due_at, 'infinity'), case_no
  LIMIT $27
) c,
/*include parts/zone.sql*/
ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
