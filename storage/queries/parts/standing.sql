-- What stands at T ($10): in disposal (a unit has it and its clock runs), in disposal and late, suspended, suspended for sixty
-- days. A mark's unit is who has it.
  SELECT s.case_no, CASE WHEN s.due_at < instant($10) THEN 'overtime_to_dispose' END AS late, 'to_dispose' AS mark, s.unit, s.squad, ''::text AS post, ''::text AS person
  FROM span s
  WHERE tstzrange(s.from_at, s.until_at, '(]') @> instant($10::bigint) AND s.district = $1 AND s.kind = 'undisposed'
  UNION ALL
  SELECT h.case_no, CASE WHEN h.at <= instant($10) - interval '60 days' THEN 'backlog' END, 'hang', h.unit, h.squad, '', ''
  FROM (SELECT DISTINCT ON (case_no) case_no, at, mark, unit, squad FROM case_mark
        WHERE district = $1 AND mark IN ('hang', 'unhang') AND at <= instant($10) ORDER BY case_no, at DESC, version DESC) h
  WHERE h.mark = 'hang'
