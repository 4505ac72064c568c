-- The codes of all grids of a district.
SELECT grid FROM cell WHERE district = $1 ORDER BY grid
