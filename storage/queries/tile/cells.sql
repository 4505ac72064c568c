-- Unit grids of a tile by their codes, at most $6: each as its shape, and in the one tile its middle lies in as a point for
-- its label. $1 district, $2-$5 west, south, east, north, $7 the tile (z/x/y).
WITH t AS (SELECT ST_TileEnvelope(split_part($7, '/', 1)::int, split_part($7, '/', 2)::int, split_part($7, '/', 3)::int) AS box),
here AS (
  SELECT c.grid, c.street, c.community, ST_Transform(ST_SetSRID(c.shape, 4326), 3857) AS shape
  FROM cell c WHERE c.district = $1 AND c.end_date IS NULL
    AND c.shape && ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, 4490)
  ORDER BY c.grid LIMIT $6::int
)
SELECT encode(ST_AsMVT(f, 'cells', 4096, 'g'), 'hex') FROM (
  SELECT h.grid, h.street, h.community, ST_AsMVTGeom(h.shape, t.box, 4096, 64) AS g FROM here h, t
  UNION ALL
  SELECT h.grid, h.street, h.community, ST_AsMVTGeom(ST_PointOnSurface(h.shape), t.box, 4096, 0) FROM here h, t
) f WHERE f.g IS NOT NULL
