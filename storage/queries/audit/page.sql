-- The audit log, the newest first, behind ($7, $8, $9); '' or NULL leaves a filter out. By audit_when or audit_deed.
SELECT millis(recorded_at), actor, role, deed, subject, detail, chain, chain_seq
FROM audit
WHERE district = $1 AND ($2 = '' OR actor = $2) AND ($3 = '' OR deed = $3) AND ($4 = '' OR strpos(subject || ' ' || detail, $4) > 0)
  AND recorded_at >= coalesce(instant($5::bigint), '-infinity') AND recorded_at < coalesce(instant($6::bigint), 'infinity')
  AND ($7::bigint IS NULL OR (recorded_at, chain, chain_seq) < (instant($7::bigint), $8, $9::bigint))
ORDER BY recorded_at DESC, chain DESC, chain_seq DESC LIMIT $10::bigint
