-- A minute for $3, where nobody else has one; with a reason ($5) also then. Nothing: another holds it.
INSERT INTO case_lease AS l (district, case_no, name, role, since, until_at) VALUES ($1, $2, $3, $4, now(), now() + interval '60 seconds')
ON CONFLICT (district, case_no) DO UPDATE SET
  since = CASE WHEN l.name = $3 AND l.until_at > now() THEN l.since ELSE now() END,
  taken_from = CASE WHEN l.name = $3 THEN CASE WHEN l.until_at > now() THEN l.taken_from ELSE '' END WHEN l.until_at > now() THEN l.name ELSE '' END,
  reason = CASE WHEN l.name = $3 THEN CASE WHEN l.until_at > now() THEN l.reason ELSE '' END WHEN l.until_at > now() THEN $5 ELSE '' END,
  name = $3, role = $4, until_at = now() + interval '60 seconds'
WHERE l.name = $3 OR l.until_at <= now() OR $5 <> ''
RETURNING l.taken_from
