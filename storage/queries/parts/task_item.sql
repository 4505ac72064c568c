-- A task as its holder sees it (CONTRACT 6), with what he needs of its case. Light at the instant $7.
json_build_object(
  'task_id', k.task_id, 'case_no', k.case_no, 'version', c.version, 'kind', k.kind, 'unit', nullif(k.unit, ''),
  'squad', nullif(k.squad, ''), 'holder', nullif(k.holder, ''), 'epoch', k.epoch, 'due_at', rfc3339(k.due_at, z.minutes),
  'open', k.open, 'received', k.received_at IS NOT NULL, 'escalated', k.escalated_at IS NOT NULL,
  'description', c.description, 'address', c.address, 'lon', c.lon, 'lat', c.lat, 'grid', nullif(c.grid, ''),
  'category', json_build_object('standard', c.standard, 'kind', c.kind, 'code', c.code),
  'created_at', rfc3339(k.created_at, z.minutes), 'state', c.state, 'light',
/*include parts/light.sql*/
  )::text
