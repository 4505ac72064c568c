-- Cases about to be moved, with their spans, as they are counted now; by keys.
SELECT
/*include parts/figure_case.sql*/
FROM cases c LEFT JOIN span s ON s.district = $1 AND s.case_no = ANY ($2::text[]) AND s.case_no = c.case_no
WHERE c.district = $1 AND c.case_no = ANY ($2::text[])
ORDER BY c.case_no, s.version
