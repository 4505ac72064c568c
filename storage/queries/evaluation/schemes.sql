-- The city's own schemes of evaluation, in the order of its file.
SELECT id, object, zh, en, by, post, from_day, to_day, document FROM evaluation_scheme WHERE district = $1 ORDER BY seq
