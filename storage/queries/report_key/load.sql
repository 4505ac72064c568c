-- Which of these (principal, key) were answered, and how. Found by primary key.
SELECT k.principal, k.key, k.body_hash, k.report_id, k.case_no, k.case_state, k.place_unusable
FROM unnest($2::text[], $3::text[]) AS t(principal, key)
CROSS JOIN LATERAL (  -- OFFSET 0: each key is looked up, whatever the statistics say
  SELECT * FROM report_key r WHERE r.district = $1 AND r.principal = t.principal AND r.key = t.key OFFSET 0) k
