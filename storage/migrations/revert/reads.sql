-- Revert wangge:reads from pg

BEGIN;

DROP INDEX ended_due;

COMMIT;
