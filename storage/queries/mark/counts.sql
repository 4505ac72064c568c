-- Every mark of the period by $9 with what its cases became, and once more for the whole (total), where a case counts once
-- whoever shares it. $7, $8: the period up to T; $10 T: what a case became is read as it was known then. $11: a campaign (parts/counted.sql).
WITH asked AS (SELECT $11::text AS campaign), m AS (
  SELECT
/*include parts/mark_key.sql*/
    AS key, m.mark, m.case_no,
/*include parts/mark_became.sql*/
  FROM case_mark m JOIN cases c ON c.district = m.district AND c.case_no = m.case_no
  WHERE m.district = $1 AND m.at >= instant($7::bigint) AND m.at < instant($8::bigint) AND
/*include parts/mark_scope.sql*/
)
SELECT grouping(key) = 1 AS total, key, mark, count(DISTINCT case_no), count(*), count(DISTINCT case_no) FILTER (WHERE valid),
  count(DISTINCT case_no) FILTER (WHERE stands), count(DISTINCT case_no) FILTER (WHERE NOT wrong), count(DISTINCT case_no) FILTER (WHERE wrong),
  count(DISTINCT case_no) FILTER (WHERE held)
FROM m GROUP BY GROUPING SETS ((key, mark), (mark))
