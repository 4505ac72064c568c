-- Which of these (principal, command_id) were answered, and how. Found by primary key.
SELECT k.principal, k.command_id, k.body_hash, k.status, k.code, k.field, k.case_no, k.version
FROM unnest($2::text[], $3::text[]) AS t(principal, command_id)
JOIN command k ON k.district = $1 AND k.principal = t.principal AND k.command_id = t.command_id
