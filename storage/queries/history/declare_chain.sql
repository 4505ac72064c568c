-- One chain in its order, for verification: everything that was hashed, and the hash. Sorted once, read page by page.
DECLARE chain_rows NO SCROLL CURSOR FOR
SELECT chain_seq, case_no, version, action, actor, role, from_state, to_state, millis(at), millis(recorded_at), reason,
  opinion, array_to_string(photos, ','), command_id, changes, transport, encode(hash, 'hex')
FROM history
WHERE district = $1 AND chain = $2
ORDER BY chain_seq, recorded_at
