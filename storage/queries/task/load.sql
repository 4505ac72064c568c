-- Tasks by their ids, open or not, and the state of their cases.
SELECT
/*include parts/task_columns.sql*/
  , c.state
FROM task k JOIN cases c ON c.district = k.district AND c.case_no = k.case_no
WHERE k.district = $1 AND k.task_id = ANY ($2::text[])
