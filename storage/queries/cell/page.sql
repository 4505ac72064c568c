-- Grid cells by code, page by page, as GeoJSON geometries.
SELECT json_build_object('grid', grid, 'street', street, 'community', community, 'exchange_code', nullif(exchange_code, ''),
  'area_m2', area_m2, 'area_level', nullif(area_level, ''), 'from', initial_date, 'to', end_date, 'geometry', ST_AsGeoJSON(shape, 7)::json)::text, grid
FROM cell WHERE district = $1 AND grid > $2 ORDER BY grid LIMIT $3::int
