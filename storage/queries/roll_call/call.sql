-- Calls everybody named, or everybody on duty there; nobody there calls nobody. Sent twice it is one call. $1 district, $2 id, $3 who calls, $4 his role,
-- $5 street ('' = all), $6 note, $7 at, $8 answer by, $9 names ({} = who is on duty).
WITH people AS (
  SELECT DISTINCT m.person FROM (
    SELECT DISTINCT ON (d.person) d.person, d.on_duty, d.at FROM duty_mark d
    WHERE d.district = $1 AND d.at > instant($7::bigint) - interval '16 hours' ORDER BY d.person, d.at DESC, d.mark_id DESC) m
  WHERE $9::text[] = '{}' AND m.on_duty
    AND ($5 = '' OR EXISTS (SELECT FROM duty_line l WHERE l.district = $1 AND l.patroller = m.person AND l.street IN ('', $5)))
  UNION
  SELECT n FROM unnest($9::text[]) AS t(n) WHERE EXISTS (
    SELECT FROM duty_line l WHERE l.district = $1 AND l.patroller = n AND ($5 = '' OR l.street IN ('', $5))
    UNION ALL SELECT FROM token k WHERE $5 = '' AND k.district = $1 AND k.name = n AND k.role IN ('patroller', 'patrol_lead') AND NOT k.revoked)),
call AS (
  INSERT INTO roll_call (district, roll_call_id, called_by, role, street, note, at, answer_by)
  SELECT $1, $2::uuid, $3, $4, $5, $6, instant($7::bigint), instant($8::bigint) WHERE EXISTS (SELECT FROM people)
  ON CONFLICT DO NOTHING RETURNING roll_call_id)
INSERT INTO roll_answer (district, roll_call_id, person)
SELECT $1, call.roll_call_id, people.person FROM call, people
