-- What squads and holders must hear of: tasks given (pending until received) and tasks no longer theirs (notice).
INSERT INTO outbox (district, task_id, epoch, squad, holder, notice, status, recorded_at)
SELECT $1, t.task_id, t.epoch, t.squad, t.holder, t.notice, CASE WHEN t.notice THEN 'withdrawn' ELSE 'pending' END, instant($2::bigint)
FROM unnest($3::text[], $4::bigint[], $5::text[], $6::text[], $7::boolean[]) AS t(task_id, epoch, squad, holder, notice)
