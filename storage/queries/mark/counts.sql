-- Every mark of the period by $9 with what its cases became, and once more for the whole (total), where a case counts once
-- whoever shares it. $7, $8: the period up to T.
WITH m AS (
  SELECT
/*include parts/mark_key.sql*/
    AS key, m.mark, m.case_no, c.filed_at IS NOT NULL AND c.state NOT IN ('voided', 'not_filed') AS valid, c.state <> 'voided' AS stands, c.wrong_dispatch AS wrong
  FROM case_mark m JOIN cases c ON c.district = m.district AND c.case_no = m.case_no
  WHERE m.district = $1 AND m.at >= instant($7::bigint) AND m.at < instant($8::bigint) AND
/*include parts/mark_scope.sql*/
)
SELECT grouping(key) = 1 AS total, key, mark, count(DISTINCT case_no), count(*), count(DISTINCT case_no) FILTER (WHERE valid),
  count(DISTINCT case_no) FILTER (WHERE stands), count(DISTINCT case_no) FILTER (WHERE NOT wrong), count(DISTINCT case_no) FILTER (WHERE wrong)
FROM m GROUP BY GROUPING SETS ((key, mark), (mark))
