-- Tasks by their ids, open or not.
SELECT
/*include parts/task_columns.sql*/
FROM task k WHERE k.district = $1 AND k.task_id = ANY ($2::text[])
