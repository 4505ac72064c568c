-- One line of a list of cases. No personal data of reporters, ever. escalated: no device has a task of it, and the operator
-- was alarmed (CONTRACT 6); a unit's desk, which gets assisting tasks, has no device of its own.
json_build_object(
  'case_no', c.case_no, 'version', c.version, 'state', c.state, 'stage',
/*include parts/stage.sql*/
  , 'unit', nullif(c.unit, ''), 'squad', nullif(c.squad, ''), 'holder', nullif(c.holder, ''), 'grid', nullif(c.grid, ''),
  'street', nullif(c.street, ''), 'community', nullif(c.community, ''),
  'category', json_build_object('standard', c.standard, 'kind', c.kind, 'code', c.code), 'class', nullif(c.class_code, ''),
  'condition', nullif(c.condition, ''), 'description', c.description, 'address', c.address, 'lon', c.lon, 'lat', c.lat,
  'source', c.source, 'opened_at', rfc3339(c.opened_at, z.minutes), 'due_at', rfc3339(c.due_at, z.minutes), 'light',
/*include parts/light.sql*/
  , 'late', c.late, 'place_unusable', c.place_unusable, 'key_conflict', c.key_conflict, 'returns', c.returns,
  'rework', c.rework, 'escalated', EXISTS (
    SELECT FROM task k WHERE k.district = c.district AND k.case_no = c.case_no AND k.open AND k.escalated_at IS NOT NULL AND k.received_at IS NULL
      AND (k.squad <> '' OR k.holder <> '')),
  'twins', c.twins, 'pending_request', nullif(split_part(c.requests, chr(31), 2), ''),
  'urgent', c.urgent, 'supervised', c.supervised, 'stage_due_at', rfc3339(c.stage_due_at, z.minutes))::text
