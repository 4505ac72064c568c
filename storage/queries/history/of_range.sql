-- The history of the cases from number $2 to $3, each oldest first; $4: only these (NULL: all). Uses history_case, by its range: month by
-- month of the history one look each, where numbers one by one would look into every month for each of them.
SELECT case_no, version, action, actor, role, from_state, to_state, millis(at), reason, opinion,
  array_to_string(photos, ','), command_id, changes, transport
FROM history
WHERE district = $1 AND case_no >= $2 AND case_no <= $3 AND ($4::text[] IS NULL OR case_no = ANY ($4::text[]))
ORDER BY case_no, version, transport, recorded_at, chain_seq
