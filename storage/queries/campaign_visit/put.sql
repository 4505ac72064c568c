-- A visit to a point of a campaign that runs; sent twice it is one. $1 district, $2 visit, $3 campaign, $4 point, $5 person, $6 at, $7 device's time,
-- $8 lon, $9 lat, $10 accuracy, $11 result, $12 checked, $13 photos, $14 note. Nothing where there is no such point now.
INSERT INTO campaign_visit (district, visit_id, campaign, point, person, at, device_at, lon, lat, accuracy_m, metres, result, checked, photos, note)
SELECT $1, $2::uuid, g.key, p.point, $5, instant($6::bigint), instant($7::bigint), $8::float8, $9::float8, $10::float8,
  CASE WHEN $8::float8 IS NOT NULL THEN ST_Distance(ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4490)::geography, ST_SetSRID(ST_MakePoint($8::float8, $9::float8), 4490)::geography) END,
  $11, $12::text[], $13::text[], $14
FROM campaign g, campaign_points(g.points) p, LATERAL (
  SELECT (instant($6::bigint) AT TIME ZONE 'UTC' + make_interval(mins => coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480)))::date AS today) z
WHERE g.district = $1 AND g.key = $3 AND p.point = $4 AND z.today >= g.from_day AND z.today < g.to_day
ON CONFLICT DO NOTHING
