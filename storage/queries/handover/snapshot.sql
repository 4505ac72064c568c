-- The desk at $7, for a handover: what is open, red, red before $8 (the next shift's end), asked for, promised and ordered. One
-- walk over the open cases. Lists are cut at $9 with their whole count beside; no name of a caller is in them.
WITH z AS (SELECT instant($7::bigint) AS now, coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes),
open AS (
  SELECT c.case_no, c.state, c.standard, c.kind, c.code, c.unit, c.squad, c.due_at, c.report_id, c.replied_at, c.requests, c.orders, c.urgent,
    (c.handed_over_at IS NULL AND c.left_ms IS NULL) AS runs,
/*include parts/light.sql*/
  AS light FROM cases c, z
  WHERE c.closed_at IS NULL AND
/*include parts/scope.sql*/
),
pressing AS (
  SELECT light = 'red' AS red, count(*) OVER (PARTITION BY light = 'red') AS whole,
    row_number() OVER (PARTITION BY light = 'red' ORDER BY due_at NULLS LAST, case_no) AS place,
    json_build_object('case_no', case_no, 'state', state, 'category', json_build_object('standard', standard, 'kind', kind, 'code', code),
      'unit', nullif(unit, ''), 'squad', nullif(squad, ''), 'light', light, 'urgent', urgent, 'due_at', rfc3339(due_at, z.minutes)) AS item
  FROM open, z WHERE light = 'red' OR (runs AND due_at < instant($8::bigint))
),
promised AS (
  SELECT p.until_at, json_build_object('kind', 'call', 'case_no', c.case_no, 'by', p.made_by, 'until', rfc3339(p.until_at, z.minutes),
      'over', p.until_at < z.now) AS item
  FROM reply_promise p LEFT JOIN cases c ON c.district = p.district AND c.report_id = p.report_id, z
  WHERE p.district = $1 AND (c.case_no IS NULL OR c.replied_at IS NULL) AND p.until_at > z.now - interval '30 days'
  UNION ALL
  SELECT o.due_at, json_build_object('kind', 'order', 'order_no', o.order_no, 'by', nullif(o.unit, ''), 'until', rfc3339(o.due_at, z.minutes),
      'over', o.due_at < z.now)
  FROM hotline_order o, z WHERE o.district = $1 AND o.closed_at IS NULL AND o.replied_at IS NULL AND o.due_at IS NOT NULL
),
ordered AS (
  SELECT split_part(one, chr(31), 4) AS at, json_build_object('case_no', case_no, 'kind', split_part(one, chr(31), 2), 'by', split_part(one, chr(31), 3),
      'at', rfc3339(instant(nullif(split_part(one, chr(31), 4), '')::bigint), z.minutes),
      'until', rfc3339(instant(nullif(split_part(one, chr(31), 5), '')::bigint), z.minutes), 'text', left(split_part(one, chr(31), 6), 400)) AS item
  FROM open, z, unnest(string_to_array(nullif(orders, ''), chr(30))) one
),
asked AS (
  SELECT split_part(one, chr(31), 2) AS kind FROM open, unnest(string_to_array(nullif(requests, ''), chr(30))) one
)
SELECT json_build_object(
  'taken_at', rfc3339(z.now, z.minutes), 'until', rfc3339(instant($8::bigint), z.minutes),
  'open', (SELECT count(*) FROM open),
  'state', (SELECT coalesce(json_object_agg(state, n), '{}') FROM (SELECT state, count(*) AS n FROM open GROUP BY state ORDER BY state) s),
  'light', (SELECT json_build_object('green', count(*) FILTER (WHERE light = 'green'), 'yellow', count(*) FILTER (WHERE light = 'yellow'),
                                     'red', count(*) FILTER (WHERE light = 'red'), 'none', count(*) FILTER (WHERE light IS NULL)) FROM open),
  'urgent', (SELECT count(*) FROM open WHERE urgent),
  'undelivered', (SELECT count(*) FROM task k JOIN open o ON o.case_no = k.case_no
                  WHERE k.district = $1 AND k.open AND k.escalated_at IS NOT NULL AND k.received_at IS NULL),
  'requests', (SELECT coalesce(json_object_agg(kind, n), '{}') FROM (SELECT kind, count(*) AS n FROM asked GROUP BY kind ORDER BY kind) a),
  'red', json_build_object('count', (SELECT count(*) FROM pressing WHERE red),
    'items', (SELECT coalesce(json_agg(item ORDER BY place), '[]') FROM pressing WHERE red AND place <= $9::int)),
  'red_soon', json_build_object('count', (SELECT count(*) FROM pressing WHERE NOT red),
    'items', (SELECT coalesce(json_agg(item ORDER BY place), '[]') FROM pressing WHERE NOT red AND place <= $9::int)),
  'promises', json_build_object('count', (SELECT count(*) FROM promised),
    'items', (SELECT coalesce(json_agg(item ORDER BY until_at), '[]') FROM (SELECT * FROM promised ORDER BY until_at LIMIT $9::int) p)),
  'orders', json_build_object('count', (SELECT count(*) FROM ordered),
    'items', (SELECT coalesce(json_agg(item ORDER BY at), '[]') FROM (SELECT * FROM ordered ORDER BY at LIMIT $9::int) o)),
  'plans', (SELECT coalesce(json_agg(json_build_object('plan', s.plan, 'zh', p.zh, 'en', p.en, 'on_at', rfc3339(s.on_at, z.minutes), 'on_by', s.on_by,
      'reason', s.on_reason) ORDER BY s.on_at), '[]') FROM plan_switch s JOIN plan p ON p.district = s.district AND p.key = s.plan
    WHERE s.district = $1 AND s.off_at IS NULL))::text
FROM z
