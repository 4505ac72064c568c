-- Clocks that began to run. The same deadline again keeps the rung it stands on (and an acknowledgement); another begins anew.
INSERT INTO timer AS old (district, case_no, clock, due_at, step, fire_at)
SELECT $1, t.case_no, t.clock, instant(t.due_at), 0, instant(t.fire_at)
FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS t(case_no, clock, due_at, fire_at)
ON CONFLICT (district, case_no, clock) DO UPDATE SET due_at = excluded.due_at, step = 0, fire_at = excluded.fire_at
WHERE old.due_at <> excluded.due_at
