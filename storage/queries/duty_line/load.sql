-- Who patrols where and when, in the file's order.
SELECT patroller, unit, street, community, grid, from_minute, to_minute, duty_grid, from_day, to_day, weekdays
FROM duty_line WHERE district = $1 ORDER BY line
