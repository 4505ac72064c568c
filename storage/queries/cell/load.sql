-- Today's cells with their shapes; binary, so that shared edges stay exact. By key prefix.
SELECT grid, street, community, encode(ST_AsBinary(shape, 'NDR'), 'hex'), area_level FROM cell
WHERE district = $1 AND (end_date IS NULL OR end_date > current_date) ORDER BY grid
