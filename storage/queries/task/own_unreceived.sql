-- What a device that connects must be given: open tasks of its holder or squad that no device has confirmed.
SELECT k.task_id, k.squad, k.holder, k.epoch,
/*include parts/task_item.sql*/
FROM task k JOIN cases c ON c.district = k.district AND c.case_no = k.case_no,
/*include parts/zone.sql*/
WHERE k.received_at IS NULL AND ($2 <> 'unit_clerk' AND $2 <> 'unit_head') AND
/*include parts/own_task.sql*/
ORDER BY k.given_at
LIMIT 1000
