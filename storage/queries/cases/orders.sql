-- Orders from above (督办, 批示) that are not settled, one row an order, those due first. $8: this kind; $9: answer (nobody has
-- answered) or word (answered, and who gave it has not spoken); $10 't': the day is over; $11-$13: the last row seen. Uses cases_orders.
SELECT json_build_object('order_id', o.id, 'kind', o.kind, 'by', o.by, 'at', rfc3339(instant(o.at::bigint), z.minutes),
  'until', rfc3339(instant(o.until), z.minutes), 'answered_at', rfc3339(instant(o.answered), z.minutes), 'text', o.text,
  'late', o.answered IS NULL AND instant(o.until) < z.now, 'case_no', c.case_no, 'version', c.version, 'state', c.state,
  'unit', nullif(c.unit, ''), 'squad', nullif(c.squad, ''), 'street', nullif(c.street, ''), 'description', c.description,
  'category', json_build_object('standard', c.standard, 'kind', c.kind, 'code', c.code), 'due_at', rfc3339(c.due_at, z.minutes), 'light',
/*include parts/light.sql*/
  )::text, coalesce(o.until, 9007199254740991)::text, c.case_no, o.id
FROM cases c,
/*include parts/zone.sql*/
, LATERAL (
  SELECT split_part(x, chr(31), 1) AS id, split_part(x, chr(31), 2) AS kind, split_part(x, chr(31), 3) AS by, split_part(x, chr(31), 4) AS at,
    nullif(split_part(x, chr(31), 5), '')::bigint AS until, nullif(split_part(x, chr(31), 6), '')::bigint AS answered,
    split_part(x, chr(31), 7) AS text
  FROM unnest(string_to_array(c.orders, chr(30))) x) o
WHERE c.orders <> '' AND
/*include parts/scope.sql*/
  AND ($8 = '' OR o.kind = $8) AND ($9 = '' OR ($9 = 'answer') = (o.answered IS NULL))
  AND ($10 <> 't' OR (o.answered IS NULL AND instant(o.until) < z.now))
  AND ($11::bigint IS NULL OR (coalesce(o.until, 9007199254740991), c.case_no, o.id) > ($11::bigint, $12, $13))
ORDER BY coalesce(o.until, 9007199254740991), c.case_no, o.id
LIMIT $14::int
