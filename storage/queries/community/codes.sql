-- The district's communities.
SELECT code, street, zh, en FROM community WHERE district = $1 ORDER BY code
