-- One rung told, the next armed. A clock that was told of already, acknowledged or given another deadline stays as it is.
UPDATE timer k SET step = k.step + 1, fire_at = instant(t.next)
FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[]) AS t(case_no, clock, due_at, step, next)
WHERE k.district = $1 AND k.case_no = t.case_no AND k.clock = t.clock AND k.due_at = instant(t.due_at) AND k.step = t.step
  AND k.fire_at IS NOT NULL
RETURNING k.case_no, k.clock
