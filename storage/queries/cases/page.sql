-- Cases in the order of their numbers, page by page, for the check that history replays to the row.
SELECT
/*include parts/case_columns.sql*/
FROM cases c WHERE c.district = $1 AND c.case_no > $2 ORDER BY c.case_no LIMIT 500
