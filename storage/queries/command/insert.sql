-- The answers of commands, by command_id.
INSERT INTO command (district, principal, command_id, body_hash, status, code, field, case_no, version, recorded_at)
SELECT $1, t.principal, t.command_id, t.body_hash, t.status, t.code, t.field, t.case_no, t.version, instant($2::bigint)
FROM unnest($3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[], $10::bigint[])
  AS t(principal, command_id, body_hash, status, code, field, case_no, version)
ON CONFLICT DO NOTHING
