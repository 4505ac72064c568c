-- The rollup can be read.
BEGIN;
SELECT month, read_at FROM figure_month WHERE false;
SELECT built, last_at, past_day FROM figure_state WHERE false;
SELECT at, undone FROM figure_delta WHERE false;
SELECT within, undone FROM figure_rollup WHERE false;
SELECT month_of(now(), 480), day_of(now(), 480);
ROLLBACK;
