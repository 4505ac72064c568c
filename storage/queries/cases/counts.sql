-- How many open cases of each state and light: one walk over the open ones. And the operator's alarms (CONTRACT 6): tasks of
-- theirs that no device has received in time, the longest waiting first. An assisting task lies with its unit's desk.
WITH open AS (
  SELECT c.case_no, c.state, c.standard, c.kind, c.code,
/*include parts/light.sql*/
  AS light FROM cases c, (SELECT instant($7::bigint) AS now) z
  WHERE c.closed_at IS NULL AND
/*include parts/scope.sql*/
),
alarm AS (
  SELECT k.task_id, k.case_no, k.kind, k.unit, k.squad, k.holder, k.given_at, o.standard, o.kind AS category_kind, o.code
  FROM task k JOIN open o ON o.case_no = k.case_no
  WHERE k.district = $1 AND k.open AND k.escalated_at IS NOT NULL AND k.received_at IS NULL
)
SELECT json_build_object(
  'open', (SELECT count(*) FROM open),
  'state', (SELECT coalesce(json_object_agg(state, n), '{}') FROM (SELECT state, count(*) AS n FROM open GROUP BY state ORDER BY state) s),
  'light', (SELECT json_build_object('green', count(*) FILTER (WHERE light = 'green'), 'yellow', count(*) FILTER (WHERE light = 'yellow'),
                                     'red', count(*) FILTER (WHERE light = 'red'), 'none', count(*) FILTER (WHERE light IS NULL)) FROM open),
  'escalated_count', (SELECT count(*) FROM alarm),
  'escalated', (SELECT coalesce(json_agg(json_build_object(
      'task_id', a.task_id, 'case_no', a.case_no, 'kind', a.kind, 'unit', nullif(a.unit, ''), 'squad', nullif(a.squad, ''), 'holder', nullif(a.holder, ''),
      'category', json_build_object('standard', a.standard, 'kind', a.category_kind, 'code', a.code),
      'given_at', rfc3339(a.given_at, z.minutes)) ORDER BY a.given_at, a.task_id), '[]')
    FROM (SELECT * FROM alarm ORDER BY given_at, task_id LIMIT 50) a,
/*include parts/zone.sql*/
  ))::text
