-- Cases whole, from number $2 to $3; $4: only these (NULL: all).
SELECT
/*include parts/case_columns.sql*/
FROM cases c WHERE c.district = $1 AND c.case_no >= $2 AND c.case_no <= $3 AND ($4::text[] IS NULL OR c.case_no = ANY ($4::text[])) ORDER BY c.case_no
