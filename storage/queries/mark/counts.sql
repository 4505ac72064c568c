-- Every mark of the period by $9 with what its cases became, and once more for the whole (total), where a case counts once
-- whoever shares it. $7, $8: the period up to T; $10 T: what a case became is read as it was known then. $11: a campaign (parts/counted.sql).
WITH asked AS (SELECT $11::text AS campaign, last_month($1, instant($8::bigint)) AS month), m AS (
  SELECT
/*include parts/mark_key.sql*/
    AS key, m.mark, m.case_no,
/*include parts/mark_became.sql*/
  FROM case_mark m JOIN cases c ON c.district = m.district AND c.case_no = m.case_no
  WHERE m.district = $1 AND m.at >= instant($7::bigint) AND m.at < instant($8::bigint) AND
/*include parts/mark_scope.sql*/
), one AS (  -- a case once a row: hashed in two steps, where count(DISTINCT) would sort every mark once for each column
  SELECT key, mark, case_no, count(*) AS times, bool_or(valid) AS valid, bool_or(stands) AS stands, bool_or(NOT wrong) AS fine, bool_or(wrong) AS wrong,
    bool_or(held) AS held
  FROM m GROUP BY key, mark, case_no
), whole AS (
  SELECT mark, case_no, sum(times) AS times, bool_or(valid) AS valid, bool_or(stands) AS stands, bool_or(fine) AS fine, bool_or(wrong) AS wrong, bool_or(held) AS held
  FROM one GROUP BY mark, case_no
)
SELECT false AS total, key, mark, count(*), sum(times)::bigint, count(*) FILTER (WHERE valid), count(*) FILTER (WHERE stands), count(*) FILTER (WHERE fine),
  count(*) FILTER (WHERE wrong), count(*) FILTER (WHERE held)
FROM one GROUP BY key, mark
UNION ALL
SELECT true, NULL, mark, count(*), sum(times)::bigint, count(*) FILTER (WHERE valid), count(*) FILTER (WHERE stands), count(*) FILTER (WHERE fine),
  count(*) FILTER (WHERE wrong), count(*) FILTER (WHERE held)
FROM whole GROUP BY mark
