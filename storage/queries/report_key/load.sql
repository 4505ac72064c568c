-- Which of these (principal, key) were answered, and how. Found by primary key.
SELECT k.principal, k.key, k.body_hash, k.report_id, k.case_no, k.case_state, k.place_unusable
FROM unnest($2::text[], $3::text[]) AS t(principal, key)
JOIN report_key k ON k.district = $1 AND k.principal = t.principal AND k.key = t.key
