-- What stands at T by $9. $7 is the period's begin, $10 T: neither matters here. $11: a campaign (parts/counted.sql).
WITH asked AS (SELECT $11::text AS campaign)
SELECT
/*include parts/mark_key.sql*/
  AS key, count(*) FILTER (WHERE m.mark = 'to_dispose'), count(*) FILTER (WHERE m.late = 'overtime_to_dispose'),
  count(*) FILTER (WHERE m.mark = 'hang'), count(*) FILTER (WHERE m.late = 'backlog')
FROM (
/*include parts/standing.sql*/
) m JOIN cases c ON c.district = $1 AND c.case_no = m.case_no
WHERE $7::bigint IS NOT NULL AND $10::bigint IS NOT NULL AND
/*include parts/mark_scope.sql*/
GROUP BY 1
