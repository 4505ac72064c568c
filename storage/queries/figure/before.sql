-- Cases about to be moved, with their spans, as they are counted now; by keys.
SELECT
/*include parts/figure_case.sql*/
FROM unnest($2::text[]) AS t(case_no) JOIN cases c ON c.district = $1 AND c.case_no = t.case_no
  LEFT JOIN span s ON s.district = $1 AND s.case_no = t.case_no
ORDER BY c.case_no, s.version
