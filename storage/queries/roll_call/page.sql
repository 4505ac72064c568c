-- Roll-calls, the newest first. $2 the called person who asks ('' = a supervisor), $3 his street, $4 only those still open and unanswered by $2,
-- $5-$6 the last one seen.
SELECT
/*include parts/roll_call_item.sql*/
  , r.at::text, r.roll_call_id
FROM roll_call r, LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE r.district = $1 AND ($3 = '' OR r.street = $3)
  AND ($2 = '' OR EXISTS (SELECT FROM roll_answer a WHERE a.district = $1 AND a.roll_call_id = r.roll_call_id AND a.person = $2
                          AND ($4 <> 't' OR a.answered_at IS NULL)))
  AND ($4 <> 't' OR r.answer_by > now())
  AND ($5::timestamptz IS NULL OR (r.at, r.roll_call_id) < ($5::timestamptz, $6::uuid))
ORDER BY r.at DESC, r.roll_call_id DESC
LIMIT $7::int
