-- Some cases whole, by keys.
SELECT
/*include parts/case_columns.sql*/
FROM cases c WHERE c.district = $1 AND c.case_no = ANY ($2::text[]) ORDER BY c.case_no
