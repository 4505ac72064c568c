-- May somebody read this medium: some case that names it is his to see, or it answers a roll-call or stands in a visit to a point and he looks after the patrols. $7 is the medium.
-- Administrators see no cases, and so no evidence.
SELECT $2 NOT IN ('sys_admin', 'sec_admin', 'catalogue_admin') AND (EXISTS (
  SELECT FROM (SELECT $1::text AS district, $2::text AS role, $3::text AS name, $4::text AS street, $5::text AS unit, $6::text AS squad) w,
    case_media m JOIN cases c ON c.district = m.district AND c.case_no = m.case_no
  WHERE m.district = $1 AND m.media_id = $7 AND
/*include parts/sees.sql*/
) OR ($2 IN ('patrol_lead', 'shift_leader', 'evaluator', 'inspector', 'leader', 'auditor') AND EXISTS (
  SELECT FROM roll_answer a JOIN roll_call r USING (district, roll_call_id)
  WHERE a.district = $1 AND a.photo = $7 AND a.photo <> '' AND ($4 = '' OR r.street = $4)
  UNION ALL SELECT FROM campaign_visit v WHERE v.district = $1 AND v.photos @> ARRAY[$7])))
