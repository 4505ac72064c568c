-- What a device that connects must be given: open tasks of its holder or squad that no device has confirmed; a unit's desk
-- those that lie with the desk itself (assisting tasks). The last column is that unit.
SELECT k.task_id, k.squad, k.holder, k.epoch,
/*include parts/task_item.sql*/
  , CASE WHEN k.squad = '' AND k.holder = '' THEN k.unit ELSE '' END
FROM task k JOIN cases c ON c.district = k.district AND c.case_no = k.case_no,
/*include parts/zone.sql*/
WHERE k.received_at IS NULL AND ($2 NOT IN ('unit_clerk', 'unit_head') OR (k.squad = '' AND k.holder = '')) AND
/*include parts/own_task.sql*/
ORDER BY k.given_at
LIMIT 1000
