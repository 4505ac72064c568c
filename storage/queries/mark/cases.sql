-- The cases behind one number of the indicators: mark or stock $11 under condition $12, row $13 (NULL: the whole) of a table by
-- $9, read at T ($10). $14: the last case seen; $15 how many; $16 now; $17 a campaign (parts/counted.sql).
WITH asked AS (SELECT $17::text AS campaign, last_month($1, instant($8::bigint)) AS month), hit AS (
  SELECT DISTINCT h.case_no FROM (
    SELECT m.case_no,
/*include parts/mark_became.sql*/
    FROM (
      SELECT m.case_no, m.mark, m.version, m.unit, m.squad, m.post, m.person FROM case_mark m
      WHERE m.district = $1 AND m.at >= instant($7::bigint) AND m.at < instant($8::bigint) AND m.mark = $11 AND $12 <> 'stock'
      UNION ALL
      SELECT x.case_no, x.mark, 0, x.unit, x.squad, x.post, x.person FROM (
/*include parts/standing.sql*/
      ) x WHERE $12 = 'stock' AND $11 IN (x.mark, x.late)
    ) m JOIN cases c ON c.district = $1 AND c.case_no = m.case_no
      CROSS JOIN LATERAL (SELECT CASE WHEN c.flags = '{}' THEN c.street ELSE coalesce((counted_as(c.flags, (SELECT month FROM asked)))[3], c.street) END AS street) was
    WHERE ($13::text IS NULL OR $13 =
/*include parts/mark_key.sql*/
      -- A row of a tree holds what lies below it.
      OR ($9 = 'unit_tree' AND $13 <> '' AND $13 = ANY (unit_above($1, m.unit)))
      OR ($9 = 'region_tree' AND $13 IN (was.street, left(was.street, 6)) AND $13 <> '')) AND
/*include parts/mark_scope.sql*/
  ) h
  WHERE CASE $12 WHEN 'valid' THEN h.valid WHEN 'not_void' THEN h.stands WHEN 'right' THEN NOT h.wrong WHEN 'wrong' THEN h.wrong
      WHEN 'held' THEN h.held ELSE true END
), z AS (
  SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes, instant($16::bigint) AS now
)
SELECT
/*include parts/case_item.sql*/
  , c.case_no, c.case_no
FROM z, hit JOIN cases c ON c.district = $1 AND c.case_no = hit.case_no
WHERE c.case_no > $14
ORDER BY c.case_no
LIMIT $15::int
