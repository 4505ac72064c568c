-- Unit grids of a tile by their codes, at most $6. $1 district, $2-$5 west, south, east, north, $7 the tile (z/x/y).
WITH t AS (SELECT ST_TileEnvelope(split_part($7, '/', 1)::int, split_part($7, '/', 2)::int, split_part($7, '/', 3)::int) AS box)
SELECT encode(ST_AsMVT(f, 'cells', 4096, 'g'), 'hex') FROM (
  SELECT c.grid, c.street, c.community, ST_AsMVTGeom(ST_Transform(ST_SetSRID(c.shape, 4326), 3857), t.box, 4096, 64) AS g
  FROM cell c, t WHERE c.district = $1 AND c.end_date IS NULL
    AND c.shape && ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, 4490)
  ORDER BY c.grid LIMIT $6::int
) f WHERE f.g IS NOT NULL
