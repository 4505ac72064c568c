-- The catalogue.
SELECT standard, kind, code, class_code, zh, en, class_zh, class_en, (extract(epoch FROM valid_to) * 1000)::bigint
FROM category WHERE district = $1
