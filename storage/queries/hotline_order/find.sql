-- One order with who called, and its cases as they stand (number, state). By primary key.
SELECT
/*include parts/order_columns.sql*/
, coalesce(p.name, ''), coalesce(p.phone, ''),
  (SELECT coalesce(json_agg(json_build_object('case_no', c.case_no, 'state', c.state) ORDER BY c.case_no), '[]')::text
   FROM cases c WHERE c.district = o.district AND c.case_no = ANY (o.cases)),
  (SELECT coalesce(json_agg(json_build_object('step', e.step, 'told', e.told, 'fired_at', rfc3339(e.fired_at, z.minutes),
     'acknowledged_at', rfc3339(e.acknowledged_at, z.minutes)) ORDER BY e.fired_at, e.step, e.told), '[]')::text
   FROM escalation e WHERE e.district = o.district AND e.case_no = o.order_no AND e.ended_at IS NULL),
  z.minutes
FROM hotline_order o LEFT JOIN hotline_caller p ON p.district = o.district AND p.order_no = o.order_no,
  LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE o.district = $1 AND o.order_no = $2
