-- Pending rows of tasks that were received, acted on (delivered) or taken away (withdrawn). Uses outbox_task.
UPDATE outbox o SET status = t.status
FROM unnest($2::text[], $3::bigint[], $4::text[]) AS t(task_id, epoch, status)
WHERE o.district = $1 AND o.task_id = t.task_id AND o.epoch <= t.epoch AND o.status = 'pending'
