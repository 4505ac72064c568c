-- The next cases in the order of their numbers, with their spans: a rebuild, page by page.
SELECT
/*include parts/figure_case.sql*/
FROM (SELECT * FROM cases WHERE district = $1 AND case_no > $2 ORDER BY case_no LIMIT 2000) c
  LEFT JOIN span s ON s.district = $1 AND s.case_no = c.case_no
ORDER BY c.case_no, s.version
