-- Every table can be read, and the three helpers agree with each other.
BEGIN;
SELECT district, case_no, version, state, due_at, closed_at, dispatched_by FROM cases WHERE false;
SELECT district, case_no, version, changes, chain, chain_seq, hash FROM history WHERE false;
SELECT district, case_no, version, kind, from_at, until_at, ended, due_at FROM span WHERE false;
SELECT district, task_id, epoch, received_at, escalated_at FROM task WHERE false;
SELECT district, outbox_id, status, notice FROM outbox WHERE false;
SELECT district, principal, key, body_hash, report_id FROM report_key WHERE false;
SELECT district, principal, command_id, status FROM command WHERE false;
SELECT district, epoch, holder, backend_pids, number_floor FROM fence WHERE false;
SELECT district, renewed_at FROM beat WHERE false;
SELECT district, day, next FROM case_number WHERE false;
SELECT district, spool_id, seq FROM spool_cursor WHERE false;
SELECT district, kind, id, payload FROM dead_letter WHERE false;
SELECT district, media_id, case_no FROM case_media WHERE false;
SELECT district, chain, seq, hash FROM chain_head WHERE false;
SELECT district, deed, chain_seq FROM audit WHERE false;
SELECT 1 / (millis(instant(1790000000123)) = 1790000000123)::int;
ROLLBACK;
