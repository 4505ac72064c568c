-- Which of these (principal, command_id) were answered, and how. Found by primary key.
SELECT k.principal, k.command_id, k.body_hash, k.status, k.code, k.field, k.case_no, k.version
FROM unnest($2::text[], $3::text[]) AS t(principal, command_id)
CROSS JOIN LATERAL (  -- OFFSET 0: each is looked up, whatever the statistics say
  SELECT * FROM command c WHERE c.district = $1 AND c.principal = t.principal AND c.command_id = t.command_id OFFSET 0) k
