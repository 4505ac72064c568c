-- The district's streets.
SELECT code, zh, en FROM street WHERE district = $1 ORDER BY code
