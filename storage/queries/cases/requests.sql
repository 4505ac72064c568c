-- Requests that wait for a word (return, extend, defer, suspend, void, force_close, transfer_out, appeal), one row a request, the
-- oldest first. $8: this kind; $9: the kinds the caller decides, by commas; $10 't': only those; $11-$13: the last row seen. Uses cases_requests.
SELECT json_build_object('request_id', r.id, 'kind', r.kind, 'by', r.by, 'at', rfc3339(instant(r.at), z.minutes),
  'until', rfc3339(instant(r.until), z.minutes), 'reason', r.reason, 'yours', r.kind = ANY (string_to_array($9, ',')),
  'case_no', c.case_no, 'version', c.version, 'state', c.state, 'unit', nullif(c.unit, ''), 'squad', nullif(c.squad, ''),
  'street', nullif(c.street, ''), 'description', c.description, 'returns', c.returns, 'extensions', c.extensions,
  'category', json_build_object('standard', c.standard, 'kind', c.kind, 'code', c.code), 'due_at', rfc3339(c.due_at, z.minutes), 'light',
/*include parts/light.sql*/
  )::text, r.at::text, c.case_no, r.id
FROM cases c,
/*include parts/zone.sql*/
, LATERAL (
  SELECT split_part(x, chr(31), 1) AS id, split_part(x, chr(31), 2) AS kind, split_part(x, chr(31), 3) AS by,
    split_part(x, chr(31), 4)::bigint AS at, nullif(split_part(x, chr(31), 5), '')::bigint AS until, split_part(x, chr(31), 6) AS reason
  FROM unnest(string_to_array(c.requests, chr(30))) x) r
WHERE c.requests <> '' AND
/*include parts/scope.sql*/
  AND ($8 = '' OR r.kind = $8) AND ($10 <> 't' OR r.kind = ANY (string_to_array($9, ',')))
  AND ($11::bigint IS NULL OR (r.at, c.case_no, r.id) > ($11::bigint, $12, $13))
ORDER BY r.at, c.case_no, r.id
LIMIT $14::int
