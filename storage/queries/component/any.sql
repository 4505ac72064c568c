-- Has the district surveyed its components?
SELECT EXISTS (SELECT 1 FROM component WHERE district = $1)
