-- Everything undelivered of every squad, newest first (the older ones were seen by an earlier poll), and the notices of
-- the last two minutes. By status, never by id. Of rows told before ($3) only the id comes back: they are still pending. Uses
-- outbox_pending and outbox_notice. $1: rows; $2: now.
WITH told AS (
  SELECT o.*, o.outbox_id = ANY ($3::bigint[]) AS before FROM (
    (SELECT * FROM outbox WHERE status = 'pending' ORDER BY recorded_at DESC LIMIT $1::int)
    UNION ALL
    (SELECT * FROM outbox WHERE notice AND recorded_at > now() - interval '2 minutes' ORDER BY recorded_at DESC LIMIT $1::int)) o
)
SELECT t.outbox_id, t.task_id, t.squad, t.holder, t.epoch, t.notice, t.district,
  CASE WHEN t.notice
    THEN json_build_object('task_id', t.task_id, 'case_no', k.case_no, 'epoch', t.epoch, 'squad', nullif(t.squad, ''), 'holder', nullif(t.holder, ''))::text
    ELSE
/*include parts/task_item.sql*/
  END, CASE WHEN t.squad = '' AND t.holder = '' THEN k.unit ELSE '' END, t.recorded_at
FROM told t
JOIN task k ON k.district = t.district AND k.task_id = t.task_id
JOIN cases c ON c.district = k.district AND c.case_no = k.case_no
JOIN LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = t.district), 480) AS minutes, instant($2::bigint) AS now) z ON true
WHERE NOT t.before
UNION ALL
SELECT t.outbox_id, '', '', '', 0, false, '', NULL, '', t.recorded_at FROM told t WHERE t.before
ORDER BY 10 DESC
