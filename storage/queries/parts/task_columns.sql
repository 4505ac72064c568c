-- A task row as the core knows it, times in milliseconds.
  k.task_id, k.case_no, k.version, k.kind, k.unit, k.squad, k.holder, k.epoch, millis(k.due_at), k.open, k.quiet,
  millis(k.created_at), k.received_at IS NOT NULL
