-- What the coordination desk ruled, oldest first.
SELECT id, standard, kind, code, grid, street, from_day, to_day, unit, squad, document FROM desk_rule WHERE district = $1 ORDER BY seq
