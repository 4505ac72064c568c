-- Orders, the newest first, page by page ($9, $10: the last one seen). $2: only this unit's; $3 state, $4 open or not, $5 late at $8,
-- $6 of this case, $7: told to this role by a clock that ran out and taken up by nobody. Uses hotline_order_opened.
SELECT
/*include parts/order_columns.sql*/
, z.minutes, o.opened_at::text
FROM hotline_order o,
  LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE o.district = $1 AND ($2 = '' OR o.unit = $2) AND ($3 = '' OR o.state = $3)
  AND ($4 = '' OR (o.closed_at IS NULL) = ($4 = 'true'))
  AND ($5 = '' OR (o.late OR (o.replied_at IS NULL AND o.closed_at IS NULL AND o.due_at < instant($8::bigint))) = ($5 = 'true'))
  AND ($6 = '' OR o.cases @> ARRAY[$6])
  AND ($7 = '' OR EXISTS (SELECT FROM escalation e WHERE e.district = o.district AND e.case_no = o.order_no AND e.told = $7
                          AND e.acknowledged_at IS NULL AND e.ended_at IS NULL))
  AND ($9::timestamptz IS NULL OR (o.opened_at, o.order_no) < ($9::timestamptz, $10))
ORDER BY o.opened_at DESC, o.order_no DESC
LIMIT $11::int
