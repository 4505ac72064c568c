-- Whom the schemes compare with each other.
SELECT scheme, id, zh, en, members FROM evaluation_group WHERE district = $1 ORDER BY scheme, seq
