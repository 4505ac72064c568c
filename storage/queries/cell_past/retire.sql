-- All grids of a district go to the past, before a load brings the new ones.
INSERT INTO cell_past (district, grid, why, area_m2, initial_date, end_date, retired_in, shape)
SELECT district, grid, 'gone', area_m2, initial_date, coalesce(end_date, current_date), $2::bigint, shape FROM cell WHERE district = $1
