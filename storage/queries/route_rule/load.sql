-- The responsibility list, in the file's order.
SELECT id, level, maintainer, standard, kind, code, condition, class_code, grid, street, unit, squad
FROM route_rule WHERE district = $1 ORDER BY seq, id
