-- What somebody who calls with this number ($8) reported before: cases in the caller's scope and hotline orders, the newest first, with
-- the name each was given under (the door masks it). Uses reporter_phone and hotline_caller_phone.
SELECT * FROM (
  SELECT json_build_object('kind', 'case', 'case_no', c.case_no, 'state', c.state, 'category', json_build_object('standard', c.standard, 'kind', c.kind, 'code', c.code),
    'description', c.description, 'address', c.address, 'lon', c.lon, 'lat', c.lat, 'at', rfc3339(c.opened_at, z.minutes),
    'replied_at', rfc3339(c.replied_at, z.minutes))::text, r.name, c.opened_at AS at
  FROM reporter r JOIN cases c ON c.district = r.district AND c.case_no = r.case_no,
/*include parts/zone.sql*/
  WHERE r.district = $1 AND r.phone <> '' AND phone_key(r.phone) = phone_key($8) AND
/*include parts/scope.sql*/
  UNION ALL
  SELECT json_build_object('kind', 'order', 'order_no', o.order_no, 'state', o.state, 'system', o.system, 'number', o.number, 'description', o.text,
    'address', o.address, 'at', rfc3339(o.opened_at, z.minutes), 'cases', o.cases)::text, h.name, o.opened_at
  FROM hotline_caller h JOIN hotline_order o ON o.district = h.district AND o.order_no = h.order_no,
/*include parts/zone.sql*/
  WHERE h.district = $1 AND h.phone <> '' AND phone_key(h.phone) = phone_key($8)
) told
ORDER BY at DESC LIMIT $9::int
