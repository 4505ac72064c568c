-- Cases by number. Uses the primary key.
SELECT
/*include parts/case_item.sql*/
  , (c.case_no)::text, c.case_no
FROM (
  SELECT c.* FROM cases c, (SELECT instant($7::bigint) AS now) z
  WHERE
/*include parts/scope.sql*/
/*include parts/case_filter.sql*/
  AND ($27::text IS NULL OR c.case_no > $28)
  ORDER BY c.case_no
  LIMIT $29
) c,
/*include parts/zone.sql*/
ORDER BY c.case_no
