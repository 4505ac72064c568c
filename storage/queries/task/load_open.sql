-- Open tasks of some cases, and whether the operator was alarmed. Uses task_case.
SELECT
/*include parts/task_columns.sql*/
  , k.escalated_at IS NOT NULL
FROM task k WHERE k.district = $1 AND k.case_no = ANY ($2::text[]) AND k.open
ORDER BY k.created_at, k.task_id
