-- One chain of audit rows in its order, for verification.
DECLARE audit_rows NO SCROLL CURSOR FOR
SELECT chain_seq, actor, role, deed, subject, detail, millis(recorded_at), encode(hash, 'hex')
FROM audit
WHERE district = $1 AND chain = $2
ORDER BY chain_seq, recorded_at
