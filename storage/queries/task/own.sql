-- The open tasks of somebody, the most urgent first.
SELECT coalesce(json_agg(item::json ORDER BY due, task_id), '[]')::text
FROM (
  SELECT
/*include parts/task_item.sql*/
  AS item, coalesce(k.due_at, 'infinity') AS due, k.task_id
  FROM task k JOIN cases c ON c.district = k.district AND c.case_no = k.case_no,
/*include parts/zone.sql*/
  WHERE
/*include parts/own_task.sql*/
  ORDER BY due, k.task_id
  LIMIT 1000
) t
