-- Suspended cases whose day has come. Uses cases_suspended.
SELECT case_no, version FROM cases
WHERE district = $1 AND state = 'suspended' AND suspended_until <= instant($2::bigint)
ORDER BY suspended_until
LIMIT $3
