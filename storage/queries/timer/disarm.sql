-- Clocks that stand still or have ended.
DELETE FROM timer k USING unnest($2::text[], $3::text[]) AS t(case_no, clock)
WHERE k.district = $1 AND k.case_no = t.case_no AND k.clock = t.clock
