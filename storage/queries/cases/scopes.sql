-- What decides who sees some cases: where they lie, whose they are, who holds an open task of them.
SELECT c.case_no, c.street, c.unit, c.squad, c.reporter,
  array_to_string(ARRAY(SELECT k.holder FROM task k
                        WHERE k.district = c.district AND k.case_no = c.case_no AND k.open AND k.holder <> ''), chr(10))
FROM cases c WHERE c.district = $1 AND c.case_no = ANY ($2::text[])
