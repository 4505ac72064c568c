-- The closing codes (separated by spaces) that a filing condition asked for in the catalogue of a version.
SELECT content -> $3 -> 'conditions' -> $4 ->> 'closing' FROM standing_version
WHERE district = $1 AND part = 'catalogue' AND version = $2::bigint AND content -> $3 -> 'conditions' -> $4 IS NOT NULL
