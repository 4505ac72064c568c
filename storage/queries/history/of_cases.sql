-- The history of some cases, oldest first. Uses history_case.
SELECT case_no, version, action, actor, role, from_state, to_state, millis(at), reason, opinion,
  array_to_string(photos, ','), command_id, changes, transport
FROM history
WHERE district = $1 AND case_no = ANY ($2::text[])
ORDER BY case_no, version, transport, recorded_at, chain_seq
