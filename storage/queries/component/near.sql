-- Is there a component of that kind within $6 metres of each spot? In the order asked. Uses component_place.
SELECT EXISTS (
  SELECT 1 FROM component c
  WHERE c.district = $1 AND c.place && ST_Expand(p.point, $6::float8 / 111320 / greatest(cos(radians(t.lat)), 0.01), $6::float8 / 110000)
    AND c.standard = t.standard AND c.code = t.code AND ST_DWithin(c.place::geography, p.point::geography, $6::float8))
FROM unnest($2::text[], $3::text[], $4::float8[], $5::float8[]) WITH ORDINALITY AS t(standard, code, lon, lat, n),
  LATERAL (SELECT ST_SetSRID(ST_MakePoint(t.lon, t.lat), 4490) AS point) p
ORDER BY t.n
