-- Every mark of the period by $9 with what its cases became, and once more for the whole (total), where a case counts once
-- whoever shares it. $7, $8: the period up to T; $10 T: what a case became is read as it was known then. $11: a campaign (parts/counted.sql).
-- $12: every mark there is. Most cases have each of their marks once: those rows are counted as they come; only the others' are compared.
WITH asked AS (SELECT $11::text AS campaign, last_month($1, instant($8::bigint)) AS month),
again AS MATERIALIZED (
  SELECT m.case_no FROM case_mark m JOIN unnest($12::text[]) WITH ORDINALITY AS k(mark, n) ON k.mark = m.mark
  WHERE m.district = $1 AND m.at >= instant($7::bigint) AND m.at < instant($8::bigint)
  GROUP BY m.case_no HAVING count(*) <> bit_count(bit_or(1::bigint << k.n::int)::bit(64))
), once AS MATERIALIZED (
  SELECT key, mark, count(*) AS n, count(*) FILTER (WHERE valid) AS valid, count(*) FILTER (WHERE stands) AS stands, count(*) FILTER (WHERE NOT wrong) AS fine,
    count(*) FILTER (WHERE wrong) AS wrong, count(*) FILTER (WHERE held) AS held
  FROM (
    SELECT
/*include parts/mark_key.sql*/
      AS key, m.mark,
/*include parts/mark_became.sql*/
    FROM case_mark m JOIN cases c ON c.district = m.district AND c.case_no = m.case_no
    WHERE m.district = $1 AND m.at >= instant($7::bigint) AND m.at < instant($8::bigint) AND m.case_no NOT IN (SELECT case_no FROM again) AND
/*include parts/mark_scope.sql*/
  ) m GROUP BY key, mark
), m AS (
  SELECT
/*include parts/mark_key.sql*/
    AS key, m.mark, m.case_no,
/*include parts/mark_became.sql*/
  FROM case_mark m JOIN cases c ON c.district = m.district AND c.case_no = m.case_no
  WHERE m.district = $1 AND m.at >= instant($7::bigint) AND m.at < instant($8::bigint) AND m.case_no IN (SELECT case_no FROM again) AND
/*include parts/mark_scope.sql*/
), one AS (  -- a case once a row
  SELECT key, mark, case_no, count(*) AS times, bool_or(valid) AS valid, bool_or(stands) AS stands, bool_or(NOT wrong) AS fine, bool_or(wrong) AS wrong,
    bool_or(held) AS held
  FROM m GROUP BY key, mark, case_no
), whole AS (
  SELECT mark, case_no, sum(times) AS times, bool_or(valid) AS valid, bool_or(stands) AS stands, bool_or(fine) AS fine, bool_or(wrong) AS wrong, bool_or(held) AS held
  FROM one GROUP BY mark, case_no
), counted AS (
  SELECT false AS total, key, mark, n, n AS times, valid, stands, fine, wrong, held FROM once
  UNION ALL
  SELECT true, NULL, mark, n, n, valid, stands, fine, wrong, held FROM once
  UNION ALL
  SELECT false, key, mark, count(*), sum(times), count(*) FILTER (WHERE valid), count(*) FILTER (WHERE stands), count(*) FILTER (WHERE fine),
    count(*) FILTER (WHERE wrong), count(*) FILTER (WHERE held)
  FROM one GROUP BY key, mark
  UNION ALL
  SELECT true, NULL, mark, count(*), sum(times), count(*) FILTER (WHERE valid), count(*) FILTER (WHERE stands), count(*) FILTER (WHERE fine),
    count(*) FILTER (WHERE wrong), count(*) FILTER (WHERE held)
  FROM whole GROUP BY mark
)
SELECT total, key, mark, sum(n)::bigint, sum(times)::bigint, sum(valid)::bigint, sum(stands)::bigint, sum(fine)::bigint, sum(wrong)::bigint, sum(held)::bigint
FROM counted GROUP BY total, key, mark
