-- What was told of a deadline that is no longer the clock's has no object any more. By key.
UPDATE escalation e SET ended_at = instant($2::bigint)
FROM unnest($3::text[], $4::text[], $5::bigint[]) AS t(case_no, clock, due_at)
WHERE e.district = $1 AND e.case_no = t.case_no AND e.clock = t.clock AND e.ended_at IS NULL
  AND e.due_at IS DISTINCT FROM instant(t.due_at)
