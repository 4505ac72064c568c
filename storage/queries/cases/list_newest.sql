-- Cases by their opening, newest first. Uses cases_opened backwards.
SELECT
/*include parts/case_item.sql*/
  , (c.opened_at)::text, c.case_no
FROM (
  SELECT c.* FROM cases c, (SELECT instant($7::bigint) AS now) z
  WHERE
/*include parts/scope.sql*/
/*include parts/case_filter.sql*/
  AND ($27::timestamptz IS NULL OR (c.opened_at, c.case_no) < ($27::timestamptz, $28))
  ORDER BY c.opened_at DESC, c.case_no DESC
  LIMIT $29
) c,
/*include parts/zone.sql*/
ORDER BY c.opened_at DESC, c.case_no DESC
