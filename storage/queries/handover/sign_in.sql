-- The second signature ($4, at $5, with a remark $6), of another person than the first. Nothing changes it any more.
UPDATE handover SET version = version + 1, incoming = $4, incoming_at = greatest(instant($5::bigint), outgoing_at), remark = $6
WHERE district = $1 AND number = $2::bigint AND version = $3::bigint AND outgoing <> '' AND outgoing <> $4 AND incoming = ''
RETURNING version
