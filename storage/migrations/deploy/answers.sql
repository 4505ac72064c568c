-- Deploy wangge:answers to pg
-- requires: clocks
-- Reading an indicator as of T asks since when a dispatch is known to have been wrong: few cases have such a mark. Can be run again.

BEGIN;

CREATE INDEX IF NOT EXISTS case_mark_misdirected ON case_mark (district, case_no) WHERE mark = 'misdirected';

COMMIT;
