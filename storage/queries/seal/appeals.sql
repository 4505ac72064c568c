-- Closed cases whose appeal waits and which a month up to $2 with the cut-off $3 counts; by cases_appealed.
SELECT case_no FROM cases
WHERE district = $1 AND requests LIKE '%' || chr(31) || 'appeal' || chr(31) || '%' AND handed_over_at < instant($2::bigint) AND closed_at <= instant($3::bigint)
ORDER BY case_no
