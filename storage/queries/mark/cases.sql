-- The cases behind one number of the indicators: mark or stock $10 under condition $11, row $12 (NULL: the whole) of a table by
-- $9. $13: the last case seen; $14 how many; $15 now.
WITH hit AS (
  SELECT DISTINCT m.case_no FROM (
    SELECT m.case_no, m.mark, NULL::text AS late, m.unit, m.squad, m.post, m.person FROM case_mark m
    WHERE m.district = $1 AND m.at >= instant($7::bigint) AND m.at < instant($8::bigint) AND m.mark = $10 AND $11 <> 'stock'
    UNION ALL
    SELECT x.case_no, x.mark, x.late, x.unit, x.squad, x.post, x.person FROM (
/*include parts/standing.sql*/
    ) x WHERE $11 = 'stock' AND $10 IN (x.mark, x.late)
  ) m JOIN cases c ON c.district = $1 AND c.case_no = m.case_no
  WHERE CASE $11 WHEN 'valid' THEN c.filed_at IS NOT NULL AND c.state NOT IN ('voided', 'not_filed') WHEN 'not_void' THEN c.state <> 'voided'
      WHEN 'right' THEN NOT c.wrong_dispatch WHEN 'wrong' THEN c.wrong_dispatch ELSE true END
    AND ($12::text IS NULL OR $12 =
/*include parts/mark_key.sql*/
    ) AND
/*include parts/mark_scope.sql*/
), z AS (
  SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes, instant($15::bigint) AS now
)
SELECT
/*include parts/case_item.sql*/
  , c.case_no, c.case_no
FROM z, hit JOIN cases c ON c.district = $1 AND c.case_no = hit.case_no
WHERE c.case_no > $13
ORDER BY c.case_no
LIMIT $14::int
