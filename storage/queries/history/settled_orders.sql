-- Orders from above (督办, 批示) that a word settled, one row an order, the one settled last first. The order stands in the case's
-- `orders` before that word (the newest row that wrote them) and not after it. $8: this kind; $9 't': answered late only; $10-$12: the last
-- row seen. Uses history_settled.
SELECT json_build_object('order_id', o.id, 'kind', o.kind, 'by', o.by, 'at', rfc3339(instant(o.at::bigint), z.minutes),
  'until', rfc3339(instant(o.until), z.minutes), 'answered_at', rfc3339(instant(o.answered), z.minutes), 'text', o.text,
  'late', coalesce(o.answered > o.until, false), 'settled_at', rfc3339(j.at, z.minutes), 'settled_by', j.actor, 'verdict', nullif(j.opinion, ''), 'words', nullif(j.reason, ''),
  'case_no', c.case_no, 'version', c.version, 'state', c.state, 'unit', nullif(c.unit, ''), 'squad', nullif(c.squad, ''), 'street', nullif(c.street, ''),
  'description', c.description, 'category', json_build_object('standard', c.standard, 'kind', c.kind, 'code', c.code))::text,
  j.at::text, c.case_no, j.version
FROM history j
  JOIN cases c ON c.district = j.district AND c.case_no = j.case_no,
/*include parts/zone.sql*/
, LATERAL (SELECT e.value ->> 1 AS text FROM json_array_elements(j.changes::json) e WHERE e.value ->> 0 = 'orders') after
, LATERAL (
  SELECT e.value ->> 1 AS text FROM history p, json_array_elements(p.changes::json) e
  WHERE p.district = j.district AND p.case_no = j.case_no AND p.version < j.version AND NOT p.transport AND e.value ->> 0 = 'orders'
  ORDER BY p.version DESC LIMIT 1) before
, LATERAL (
  SELECT split_part(x, chr(31), 1) AS id, split_part(x, chr(31), 2) AS kind, split_part(x, chr(31), 3) AS by, split_part(x, chr(31), 4) AS at,
    nullif(split_part(x, chr(31), 5), '')::bigint AS until, nullif(split_part(x, chr(31), 6), '')::bigint AS answered, split_part(x, chr(31), 7) AS text
  FROM unnest(string_to_array(before.text, chr(30))) x
  WHERE split_part(x, chr(31), 1) <> ALL (SELECT split_part(y, chr(31), 1) FROM unnest(string_to_array(after.text, chr(30))) y)) o
WHERE j.district = $1 AND j.action = 'judge_order' AND
/*include parts/scope.sql*/
  AND ($8 = '' OR o.kind = $8) AND ($9 <> 't' OR o.answered > o.until)
  AND ($10::timestamptz IS NULL OR (j.at, j.case_no, j.version) < ($10::timestamptz, $11, $12::bigint))
ORDER BY j.at DESC, j.case_no DESC, j.version DESC
LIMIT $13::int
