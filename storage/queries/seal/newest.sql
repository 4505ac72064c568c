-- The end of the newest sealed month.
SELECT millis(max(to_at)) FROM month_seal WHERE district = $1
