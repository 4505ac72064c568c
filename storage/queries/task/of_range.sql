-- Who was sent to verify or to check in the cases from number $2 to $3, open or not; $4: only these (NULL: all). By key: a task's id begins
-- with its case's number, and a letter sorts behind what follows that.
SELECT
/*include parts/task_columns.sql*/
FROM task k
WHERE k.district = $1 AND k.task_id >= $2 AND k.task_id < $3 || 'z' AND k.kind IN ('verify', 'check')
  AND ($4::text[] IS NULL OR k.case_no = ANY ($4::text[]))
