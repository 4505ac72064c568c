-- Streets ($7 street) or communities ($7 community) of a tile, each the union of its unit grids, and
-- in the one tile its middle lies in a point for its label. $1 district, $2-$5 west,
-- south, east, north, $6 the tile (z/x/y). Costly, and the same until the grids change: its answer is kept.
WITH t AS (SELECT ST_TileEnvelope(split_part($6, '/', 1)::int, split_part($6, '/', 2)::int, split_part($6, '/', 3)::int) AS box),
here AS (
  SELECT DISTINCT CASE $7 WHEN 'street' THEN c.street ELSE c.community END AS code FROM cell c
  WHERE c.district = $1 AND c.end_date IS NULL AND c.shape && ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, 4490)
),
whole AS (
  SELECT h.code, ST_Union(ST_SnapToGrid(c.shape, 0.0000001)) AS shape FROM here h
  JOIN cell c ON c.district = $1 AND c.end_date IS NULL AND CASE $7 WHEN 'street' THEN c.street ELSE c.community END = h.code
  GROUP BY h.code
)
SELECT encode(ST_AsMVT(f, 'areas', 4096, 'g'), 'hex') FROM (
  SELECT w.code, $7 AS level, n.zh, n.en, ST_AsMVTGeom(k.shape, t.box, 4096, k.buffer) AS g
  FROM whole w, t, LATERAL (
    SELECT zh, en FROM street s WHERE s.district = $1 AND s.code = w.code
    UNION ALL SELECT zh, en FROM community m WHERE m.district = $1 AND m.code = w.code LIMIT 1) n,
  LATERAL (SELECT ST_Transform(ST_SetSRID(w.shape, 4326), 3857) AS shape) o,
  LATERAL (SELECT o.shape, 64 AS buffer UNION ALL SELECT ST_PointOnSurface(o.shape), 0) k
) f WHERE f.g IS NOT NULL
