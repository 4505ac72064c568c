-- Steps that a gateway answered and no history row carries, with the version that their case has here (0: not there). The
-- district is the case number's first six digits, so that history_case and the key of cases serve.
SELECT a.case_no, a.command_id, coalesce(c.version, 0)
FROM unnest($1::text[], $2::text[]) AS a(case_no, command_id)
LEFT JOIN cases c ON c.district = left(a.case_no, 6) AND c.case_no = a.case_no
WHERE NOT EXISTS (
  SELECT FROM history h
  WHERE h.district = left(a.case_no, 6) AND h.case_no = a.case_no AND h.command_id = a.command_id)
