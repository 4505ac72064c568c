-- One case for somebody who may see it, with what stands apart: reporter and extras. $7 is its number.
SELECT
/*include parts/case_columns.sql*/
  , coalesce(p.name, ''), coalesce(p.phone, ''), coalesce(x.extras, '')
FROM cases c
LEFT JOIN reporter p ON p.district = c.district AND p.case_no = c.case_no
LEFT JOIN report_extras x ON x.district = c.district AND x.case_no = c.case_no
WHERE c.case_no = $7 AND
/*include parts/sees.sql*/
