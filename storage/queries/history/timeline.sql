-- A case's timeline, oldest first, page by page. $3-$7: the last row seen. Uses history_case.
SELECT json_build_object(
  'version', h.version, 'action', h.action, 'actor', h.actor, 'role', h.role, 'from', h.from_state, 'to', h.to_state,
  'at', rfc3339(h.at, z.minutes), 'recorded_at', rfc3339(h.recorded_at, z.minutes), 'reason', nullif(h.reason, ''),
  'opinion', CASE WHEN h.action <> 'judge_order' THEN nullif(h.opinion, '') END, 'result', CASE WHEN h.action = 'judge_order' THEN nullif(h.opinion, '') END, 'photos', h.photos, 'command_id', nullif(h.command_id, ''), 'transport', h.transport,
  'changes', (SELECT coalesce(json_object_agg(e.value ->> 0, e.value ->> 1), '{}') FROM json_array_elements(h.changes::json) e)
)::text, h.recorded_at::text, h.version, h.transport, h.chain_seq, h.chain
FROM history h, LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE h.district = $1 AND h.case_no = $2
  AND ($3::timestamptz IS NULL OR
       (h.recorded_at, h.version, h.transport, h.chain_seq, h.chain) > ($3::timestamptz, $4::bigint, $5::boolean, $6::bigint, $7))
ORDER BY h.recorded_at, h.version, h.transport, h.chain_seq, h.chain
LIMIT $8::int
