-- When squads are on shift and where.
SELECT squad, street, community, grid, from_day, to_day, weekdays, from_minute, to_minute FROM squad_shift WHERE district = $1 ORDER BY line
