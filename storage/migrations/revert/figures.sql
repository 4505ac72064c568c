-- Takes the rollup away again; nothing in it is the truth.
BEGIN;
DROP TABLE figure_rollup, figure_delta, figure_state, figure_month;
DROP FUNCTION month_of(timestamptz, int), day_of(timestamptz, int);
COMMIT;
