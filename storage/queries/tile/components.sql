-- Components of a tile, at most $6. $1 district, $2-$5 west, south, east, north (half-open), $7 the tile (z/x/y). By
-- component_place: the district is kept out of the choice of an index (|| ''), for all of its components lie under it.
WITH t AS (SELECT (1 << split_part($7, '/', 1)::int)::float8 AS n, split_part($7, '/', 2)::float8 AS x, split_part($7, '/', 3)::float8 AS y)
SELECT encode(ST_AsMVT(f, 'components', 4096, 'g'), 'hex') FROM (
  SELECT p.id AS component_id, p.code, p.zh, p.en,
/*include parts/tile_point.sql*/
  AS g FROM (
    SELECT c.id, c.code, c.zh, c.en, ST_X(c.place) AS lon, ST_Y(c.place) AS lat FROM component c
    WHERE c.place && ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, 4490) AND c.district || '' = $1
      AND ST_X(c.place) < $4::float8 AND ST_Y(c.place) < $5::float8
    ORDER BY c.id LIMIT $6::int) p, t
) f
