-- Open cases of a tile, in the caller's scope: up to $13 of them one by one, more as heaps by a tenth of the tile's
-- side with their lights. $1-$6 scope, $7 now, $8-$11 west, south, east, north (half-open), $12 the tile (z/x/y),
-- $13 the most. The heaps are counted by open_map alone, without a look at the rows
-- (OFFSET 0: or the planner expects as many heaps as places, and sorts).
WITH t AS (SELECT $8::float8 AS west, $9::float8 AS south, $10::float8 AS east, $11::float8 AS north,
    (1 << split_part($12, '/', 1)::int)::float8 AS n, split_part($12, '/', 2)::float8 AS x, split_part($12, '/', 3)::float8 AS y),
z AS (SELECT instant($7::bigint) AS now),
heap AS (
  SELECT count(*) AS n, avg(h.lon) AS lon, avg(h.lat) AS lat, count(*) FILTER (WHERE h.light = 'red') AS red,
    count(*) FILTER (WHERE h.light = 'yellow') AS yellow
  FROM (
    SELECT c.lon, c.lat, width_bucket(c.lon, $8::float8, $10::float8, 10) * 16 + width_bucket(c.lat, $9::float8, $11::float8, 10) AS place,
/*include parts/light.sql*/
    AS light
    FROM cases c, z WHERE
/*include parts/scope.sql*/
    AND c.closed_at IS NULL AND c.lon >= $8::float8 AND c.lon < $10::float8 AND c.lat >= $9::float8 AND c.lat < $11::float8
    OFFSET 0
  ) h GROUP BY h.place
),
few AS (SELECT coalesce(sum(n), 0) <= $13::int AS yes FROM heap),
one AS (
  SELECT c.case_no, c.state, c.lon, c.lat, c.standard, c.kind, c.code, c.class_code, c.urgent, millis(c.due_at) AS due,
/*include parts/light.sql*/
  AS light
  FROM cases c, z WHERE (SELECT yes FROM few) AND
/*include parts/scope.sql*/
  AND c.closed_at IS NULL AND c.lon >= $8::float8 AND c.lon < $10::float8 AND c.lat >= $9::float8 AND c.lat < $11::float8
)
SELECT encode(ST_AsMVT(f, 'cases', 4096, 'g'), 'hex') FROM (
  SELECT p.case_no, p.state, p.light, p.standard, p.kind, p.code, p.class_code AS class, p.urgent, p.due, NULL::bigint AS n, NULL::bigint AS red, NULL::bigint AS yellow,
/*include parts/tile_point.sql*/
  AS g FROM one p, t
  UNION ALL
  SELECT NULL, NULL, CASE WHEN p.red > 0 THEN 'red' WHEN p.yellow > 0 THEN 'yellow' ELSE 'green' END, NULL, NULL, NULL, NULL, NULL, NULL,
    p.n, p.red, p.yellow,
/*include parts/tile_point.sql*/
  FROM heap p, t WHERE NOT (SELECT yes FROM few)
) f
