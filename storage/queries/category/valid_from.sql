-- Since when each category is valid, where that is known.
SELECT standard, kind, code, millis(valid_from) FROM category WHERE district = $1 AND valid_from IS NOT NULL
