-- The open tasks of somebody, the most urgent first, page by page. $8-$9: the last task seen.
SELECT
/*include parts/task_item.sql*/
  , (coalesce(k.due_at, 'infinity'))::text, k.task_id
FROM task k JOIN cases c ON c.district = k.district AND c.case_no = k.case_no,
/*include parts/zone.sql*/
WHERE
/*include parts/own_task.sql*/
  AND ($8::timestamptz IS NULL OR (coalesce(k.due_at, 'infinity'), k.task_id) > ($8::timestamptz, $9))
ORDER BY coalesce(k.due_at, 'infinity'), k.task_id
LIMIT $10::int
