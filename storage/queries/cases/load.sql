-- The rows the dispatcher decides on. Found by primary key.
SELECT
/*include parts/case_columns.sql*/
FROM cases c WHERE c.district = $1 AND c.case_no = ANY ($2::text[])
