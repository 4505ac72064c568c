-- Open tasks that no device has confirmed in time. Uses task_unreceived.
SELECT
/*include parts/task_columns.sql*/
FROM task k
WHERE k.district = $1 AND k.given_at < instant($2::bigint)
  AND k.open AND NOT k.quiet AND k.received_at IS NULL AND k.escalated_at IS NULL
ORDER BY k.given_at
LIMIT $3
