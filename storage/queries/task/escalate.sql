-- Nobody received it in time: the operator's alarm, once.
UPDATE task k SET escalated_at = instant(t.at)
FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS t(task_id, epoch, at)
WHERE k.district = $1 AND k.task_id = t.task_id AND k.epoch = t.epoch AND k.received_at IS NULL AND k.escalated_at IS NULL
RETURNING k.task_id
