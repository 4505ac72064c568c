-- One roll-call. $2 the called person who asks ('' = a supervisor), $3 its id, $4 the street of a supervisor.
SELECT
/*include parts/roll_call_item.sql*/
  , (SELECT coalesce(string_agg(a.person, E'\n' ORDER BY a.person), '') FROM roll_answer a WHERE a.district = r.district AND a.roll_call_id = r.roll_call_id), r.called_by
FROM roll_call r, LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE r.district = $1 AND r.roll_call_id = $3::uuid AND ($4 = '' OR r.street = $4)
  AND ($2 = '' OR EXISTS (SELECT FROM roll_answer a WHERE a.district = $1 AND a.roll_call_id = r.roll_call_id AND a.person = $2))
