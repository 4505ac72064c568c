-- What the caller was told of and nobody has taken up, the newest first ($8: also what is over). $9-$13: the last row seen.
-- Uses escalation_standing; the case's own scope binds as everywhere.
SELECT json_build_object(
  'case_no', e.case_no, 'clock', e.clock, 'step', e.step, 'told', e.told, 'due_at', rfc3339(e.due_at, z.minutes),
  'fired_at', rfc3339(e.fired_at, z.minutes), 'acknowledged_at', rfc3339(e.acknowledged_at, z.minutes),
  'acknowledged_by', nullif(e.acknowledged_by, ''), 'ended_at', rfc3339(e.ended_at, z.minutes), 'state', c.state, 'version', c.version,
  'unit', nullif(c.unit, ''), 'squad', nullif(c.squad, ''), 'street', nullif(c.street, ''), 'description', c.description,
  'category', json_build_object('standard', c.standard, 'kind', c.kind, 'code', c.code), 'light',
/*include parts/light.sql*/
  )::text, e.fired_at::text, e.case_no, e.clock, e.due_at::text, e.step
FROM escalation e JOIN cases c ON c.district = e.district AND c.case_no = e.case_no,
/*include parts/zone.sql*/
WHERE e.district = $1 AND e.told = $2 AND (e.unit = '' OR e.unit = $5)
  AND ($8 = 't' OR (e.acknowledged_at IS NULL AND e.ended_at IS NULL)) AND
/*include parts/scope.sql*/
  AND ($9::timestamptz IS NULL OR
       (e.fired_at, e.case_no, e.clock, e.due_at, e.step) < ($9::timestamptz, $10, $11, $12::timestamptz, $13))
ORDER BY e.fired_at DESC, e.case_no DESC, e.clock DESC, e.due_at DESC, e.step DESC
LIMIT $14::int
