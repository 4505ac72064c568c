-- Deploy wangge:taken_back to pg
-- requires: answers
-- Whose disposal is due asks who had a case taken back: few cases have such a mark. Can be run again.

BEGIN;

CREATE INDEX IF NOT EXISTS case_mark_taken_back ON case_mark (district, case_no) WHERE mark = 'taken_back';

COMMIT;
