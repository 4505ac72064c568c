-- Cases, each for somebody who may see it ($7 its number, $1-$6 who asks), with what stands apart: reporter and extras; a row
-- for each open task, and one where there is none. n: which was asked.
SELECT w.n,
/*include parts/case_columns.sql*/
  , coalesce(p.name, ''), coalesce(p.phone, ''), coalesce(x.extras, ''),
/*include parts/task_columns.sql*/
  , k.escalated_at IS NOT NULL
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
    WITH ORDINALITY AS w(district, role, name, street, unit, squad, case_no, n)
  CROSS JOIN LATERAL (SELECT * FROM cases WHERE district = w.district AND case_no = w.case_no OFFSET 0) c
  LEFT JOIN reporter p ON p.district = c.district AND p.case_no = c.case_no
  LEFT JOIN report_extras x ON x.district = c.district AND x.case_no = c.case_no
  LEFT JOIN task k ON k.district = c.district AND k.case_no = c.case_no AND k.open
WHERE
/*include parts/sees.sql*/
ORDER BY w.n, k.created_at, k.task_id
