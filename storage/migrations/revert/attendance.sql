-- Revert wangge:attendance from pg

BEGIN;

DROP FUNCTION IF EXISTS duty_line_holds(duty_line, cell);
DROP FUNCTION IF EXISTS duty_lines_of(text, text, timestamptz, boolean);
DROP FUNCTION IF EXISTS cell_at(text, float8, float8);
DROP TABLE IF EXISTS roll_answer;
DROP TABLE IF EXISTS roll_call;
DROP TABLE IF EXISTS duty_mark;

COMMIT;
