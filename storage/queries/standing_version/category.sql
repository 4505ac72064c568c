-- A category as the catalogue of that version had it.
SELECT content -> $3 FROM standing_version WHERE district = $1 AND part = 'catalogue' AND version = $2::bigint
