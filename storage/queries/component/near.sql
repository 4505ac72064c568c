-- Is there a component of that kind within $6 metres of each spot? In the order asked. By component_place: the district is kept
-- out of the choice of an index (|| ''), for all of its components lie under it.
SELECT EXISTS (
  SELECT 1 FROM component c
  WHERE c.place && ST_MakeEnvelope(t.lon - r.lon, t.lat - r.lat, t.lon + r.lon, t.lat + r.lat, 4490)
    AND c.district || '' = $1 AND c.standard || '' = t.standard AND c.code || '' = t.code
    AND ST_DWithin(c.place::geography, ST_SetSRID(ST_MakePoint(t.lon, t.lat), 4490)::geography, $6::float8))
FROM unnest($2::text[], $3::text[], $4::float8[], $5::float8[]) WITH ORDINALITY AS t(standard, code, lon, lat, n),
  LATERAL (SELECT $6::float8 / 111320 / greatest(cos(radians(t.lat)), 0.01) AS lon, $6::float8 / 110000 AS lat) r
ORDER BY t.n
