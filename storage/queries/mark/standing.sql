-- What stands at T ($10) by $9. $7 is the period's begin and does not matter here, $8 its end. $11: a campaign (parts/counted.sql).
WITH asked AS (SELECT $11::text AS campaign, last_month($1, instant($8::bigint)) AS month)
SELECT
/*include parts/mark_key.sql*/
  AS key, count(*) FILTER (WHERE m.mark = 'to_dispose'), count(*) FILTER (WHERE m.late = 'overtime_to_dispose'),
  count(*) FILTER (WHERE m.mark = 'hang'), count(*) FILTER (WHERE m.late = 'backlog')
FROM (
/*include parts/standing.sql*/
) m JOIN cases c ON c.district = $1 AND c.case_no = m.case_no
WHERE $7::bigint IS NOT NULL AND
/*include parts/mark_scope.sql*/
GROUP BY 1
