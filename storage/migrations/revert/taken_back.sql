-- Revert wangge:taken_back from pg

BEGIN;

DROP INDEX IF EXISTS case_mark_taken_back;

COMMIT;
