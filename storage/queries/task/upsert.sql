-- Tasks as they are after the batch. Given to somebody (given): nobody has received this epoch yet.
INSERT INTO task AS old (district, task_id, case_no, version, kind, unit, squad, holder, epoch, due_at, open, quiet, created_at, given_at)
SELECT $1, t.task_id, t.case_no, t.version, t.kind, t.unit, t.squad, t.holder, t.epoch, instant(t.due_at), t.open, t.quiet,
  instant(t.created_at), instant($2::bigint)
FROM unnest($3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[],
            $12::boolean[], $13::boolean[], $14::bigint[])
  AS t(task_id, case_no, version, kind, unit, squad, holder, epoch, due_at, open, quiet, created_at)
ON CONFLICT (district, task_id) DO UPDATE SET
  version = excluded.version, kind = excluded.kind, unit = excluded.unit, squad = excluded.squad, holder = excluded.holder,
  epoch = excluded.epoch, due_at = excluded.due_at, open = excluded.open, quiet = excluded.quiet,
  given_at = CASE WHEN excluded.epoch > old.epoch THEN excluded.given_at ELSE old.given_at END,
  received_at = CASE WHEN excluded.epoch > old.epoch THEN NULL ELSE old.received_at END,
  escalated_at = CASE WHEN excluded.epoch > old.epoch THEN NULL ELSE old.escalated_at END
