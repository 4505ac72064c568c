-- Before a month is listed anew.
WITH a AS (DELETE FROM list_number WHERE district = $1 AND month = $2::int), b AS (DELETE FROM list_set WHERE district = $1 AND month = $2::int)
DELETE FROM list_month WHERE district = $1 AND month = $2::int
