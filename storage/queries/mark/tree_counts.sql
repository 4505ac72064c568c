-- As counts.sql by a tree ($9: unit_tree, region_tree): every row holds what lies below it, a case once a row.
WITH asked AS (SELECT $11::text AS campaign, last_month($1, instant($8::bigint)) AS month), m AS (
  SELECT
/*include parts/mark_key.sql*/
    AS key, m.mark, m.case_no,
/*include parts/mark_became.sql*/
  FROM case_mark m JOIN cases c ON c.district = m.district AND c.case_no = m.case_no
  WHERE m.district = $1 AND m.at >= instant($7::bigint) AND m.at < instant($8::bigint) AND
/*include parts/mark_scope.sql*/
), above AS (  -- a unit that is none any more stands alone; places are above each other by their digits
  SELECT k.key, u.upper FROM (SELECT DISTINCT key FROM m) k, LATERAL (
    SELECT DISTINCT unnest(CASE $9 WHEN 'unit_tree' THEN ARRAY[k.key] || unit_above($1, k.key) ELSE ARRAY[k.key, left(k.key, 9), left(k.key, 6)] END) AS upper) u
), one AS (
  SELECT upper, mark, case_no, count(*) AS times, count(*) FILTER (WHERE upper = key) AS own, bool_or(valid) AS valid, bool_or(stands) AS stands, bool_or(NOT wrong) AS fine,
    bool_or(wrong) AS wrong, bool_or(held) AS held
  FROM m JOIN above USING (key) GROUP BY upper, mark, case_no
), whole AS (
  SELECT mark, case_no, sum(own) AS times, bool_or(valid) AS valid, bool_or(stands) AS stands, bool_or(fine) AS fine, bool_or(wrong) AS wrong, bool_or(held) AS held
  FROM one GROUP BY mark, case_no
)
SELECT false AS total, upper, mark, count(*), sum(times)::bigint, count(*) FILTER (WHERE valid), count(*) FILTER (WHERE stands), count(*) FILTER (WHERE fine),
  count(*) FILTER (WHERE wrong), count(*) FILTER (WHERE held)
FROM one GROUP BY upper, mark
UNION ALL
SELECT true, NULL, mark, count(*), sum(times)::bigint, count(*) FILTER (WHERE valid), count(*) FILTER (WHERE stands), count(*) FILTER (WHERE fine),
  count(*) FILTER (WHERE wrong), count(*) FILTER (WHERE held)
FROM whole GROUP BY mark
