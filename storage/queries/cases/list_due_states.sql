-- The queue of some states by deadline: each state is read in order from open_state, and the few that can stand on the
-- page are merged. `state = ANY` alone would sort every case of them. $27-$28: the last row seen.
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
    AND ($27::timestamptz IS NULL OR (coalesce(c.due_at, 'infinity'), c.case_no) > ($27::timestamptz, $28))
    ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
    LIMIT $29) one_state
  ORDER BY coalesce(due_at, 'infinity'), case_no
  LIMIT $29
) c,
/*include parts/zone.sql*/
ORDER BY coalesce(c.due_at, 'infinity'), c.case_no
