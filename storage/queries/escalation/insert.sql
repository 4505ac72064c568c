-- Who was told of a rung: one row a role.
INSERT INTO escalation (district, case_no, clock, due_at, step, told, unit, fired_at)
SELECT $1, t.case_no, t.clock, instant(t.due_at), t.step, t.told, t.unit, instant($2::bigint)
FROM unnest($3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[]) AS t(case_no, clock, due_at, step, told, unit)
ON CONFLICT DO NOTHING
