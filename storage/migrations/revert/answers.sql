-- Revert wangge:answers from pg

BEGIN;

DROP INDEX IF EXISTS case_mark_misdirected;

COMMIT;
