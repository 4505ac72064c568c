-- The frozen answer of one (principal, key).
SELECT principal, key, body_hash, report_id, case_no, case_state, place_unusable
FROM report_key WHERE district = $1 AND principal = $2 AND key = $3
