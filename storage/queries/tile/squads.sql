-- Where squads are, as far as anybody knows: the place of the case that one of theirs signed for last and has not handed
-- over (known: task, and since when), else the squad's seat (known: seat), else not at all. $1-$6 scope, $7-$10 west,
-- south, east, north (half-open), $11 the tile (z/x/y). Nobody's telephone is followed.
WITH t AS (SELECT $7::float8 AS west, $8::float8 AS south, $9::float8 AS east, $10::float8 AS north,
    (1 << split_part($11, '/', 1)::int)::float8 AS n, split_part($11, '/', 2)::float8 AS x, split_part($11, '/', 3)::float8 AS y),
working AS (
  SELECT DISTINCT ON (c.squad) c.squad, c.case_no, c.lon, c.lat, c.signed_at FROM cases c
  WHERE c.closed_at IS NULL AND c.state = 'disposing' AND c.squad <> '' AND NOT c.place_unusable AND c.signed_at IS NOT NULL AND
/*include parts/scope.sql*/
  ORDER BY c.squad, c.signed_at DESC, c.case_no
)
SELECT encode(ST_AsMVT(f, 'squads', 4096, 'g'), 'hex') FROM (
  SELECT p.key AS squad, p.unit, p.zh, p.en, p.known, p.case_no, p.since,
/*include parts/tile_point.sql*/
  AS g FROM (
    SELECT s.key, s.unit, s.zh, s.en, CASE WHEN w.squad IS NULL THEN 'seat' ELSE 'task' END AS known, w.case_no, millis(w.signed_at) AS since,
      coalesce(w.lon, s.lon) AS lon, coalesce(w.lat, s.lat) AS lat
    FROM squad s LEFT JOIN working w ON w.squad = s.key
    WHERE s.district = $1 AND ($5 = '' OR s.unit = $5) AND ($6 = '' OR s.key = $6)) p, t
  WHERE p.lon >= t.west AND p.lon < t.east AND p.lat >= t.south AND p.lat < t.north
) f
