-- Notes, and where $5 is not null a snapshot taken anew ($6: when): only while nobody has signed and the version ($3) stands.
UPDATE handover SET version = version + 1, notes = $4, snapshot = coalesce($5, snapshot), opened_at = coalesce(instant($6::bigint), opened_at)
WHERE district = $1 AND number = $2::bigint AND version = $3::bigint AND outgoing = ''
RETURNING version
