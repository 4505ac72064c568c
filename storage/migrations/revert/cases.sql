-- Takes the cases away, with everything that hangs on them. For empty databases and tests only.
BEGIN;
DROP FUNCTION ensure_partitions(timestamptz);
DROP TABLE chain_head, audit, case_media, dead_letter, spool_cursor, outbox, task, span, history, command, report_key,
  report_extras, reporter, cases, lifecycle_move, case_number, beat, fence;
DROP FUNCTION history_moves_are_in_the_lifecycle();
DROP FUNCTION rfc3339(timestamptz, int);
DROP FUNCTION millis(timestamptz);
DROP FUNCTION instant(bigint);
COMMIT;
