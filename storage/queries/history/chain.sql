-- One chain in its order, for verification: everything that was hashed, and the hash. Read through a cursor.
SELECT case_no, version, action, actor, role, from_state, to_state, millis(at), millis(recorded_at), reason, opinion,
  array_to_string(photos, ','), command_id, changes, transport, chain_seq, encode(hash, 'hex')
FROM history
WHERE district = $1 AND chain = $2 AND chain_seq > $3::bigint
ORDER BY chain_seq, recorded_at
LIMIT $4
