-- Armed clocks whose rung has fallen due, the longest waiting first. Uses timer_fire: what is not due is never touched.
SELECT case_no, clock, millis(due_at), step FROM timer
WHERE district = $1 AND fire_at <= instant($2::bigint)
ORDER BY fire_at
LIMIT $3
