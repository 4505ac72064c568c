-- Where the district, or one unit grid of it ($2), lies: west, south, east, north; no row where there is none.
SELECT ST_XMin(b.box), ST_YMin(b.box), ST_XMax(b.box), ST_YMax(b.box)
FROM (SELECT ST_Extent(shape) AS box FROM cell WHERE district = $1 AND end_date IS NULL AND ($2 = '' OR grid = $2)) b WHERE b.box IS NOT NULL
