-- As counts.sql by a tree ($9: unit_tree, region_tree): every row holds what lies below it, a case once a row.
WITH asked AS (SELECT $11::text AS campaign), m AS (
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
)
SELECT grouping(upper) = 1 AS total, upper, mark, count(DISTINCT case_no), CASE WHEN grouping(upper) = 1 THEN count(*) FILTER (WHERE upper = key) ELSE count(*) END,
  count(DISTINCT case_no) FILTER (WHERE valid), count(DISTINCT case_no) FILTER (WHERE stands), count(DISTINCT case_no) FILTER (WHERE NOT wrong),
  count(DISTINCT case_no) FILTER (WHERE wrong), count(DISTINCT case_no) FILTER (WHERE held)
FROM m JOIN above USING (key) GROUP BY GROUPING SETS ((upper, mark), (mark))
