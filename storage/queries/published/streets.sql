-- The streets' outlines for everybody's map, coarse. $1 district.
SELECT coalesce(json_agg(json_build_object('type', 'Feature', 'properties', json_build_object('code', u.street, 'zh', s.zh, 'en', s.en),
  'geometry', ST_AsGeoJSON(ST_SimplifyPreserveTopology(u.shape, 0.0002), 5)::json) ORDER BY u.street), '[]')::text
FROM (SELECT street, ST_Union(ST_SnapToGrid(shape, 0.0000001)) AS shape FROM cell WHERE district = $1 AND end_date IS NULL GROUP BY street) u
JOIN street s ON s.district = $1 AND s.code = u.street
