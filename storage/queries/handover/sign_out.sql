-- The first signature ($4, at $5, over the digest $6): of the version that was read.
UPDATE handover SET version = version + 1, outgoing = $4, outgoing_at = instant($5::bigint), digest = $6
WHERE district = $1 AND number = $2::bigint AND version = $3::bigint AND outgoing = ''
RETURNING version
