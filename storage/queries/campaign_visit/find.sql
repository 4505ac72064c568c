-- A visit as it is kept, and whether it is this person's to this point. $1 district, $2 visit, $3 campaign, $4 point, $5 person.
SELECT json_build_object('visit_id', w.visit_id, 'campaign', w.campaign, 'point', w.point, 'person', w.person, 'at', rfc3339(w.at, z.minutes),
  'device_at', rfc3339(w.device_at, z.minutes), 'result', w.result, 'metres', round(w.metres), 'checked', w.checked, 'photos', w.photos, 'note', w.note)::text,
  w.campaign = $3 AND w.point = $4 AND w.person = $5
FROM campaign_visit w, LATERAL (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z
WHERE w.district = $1 AND w.visit_id = $2::uuid
