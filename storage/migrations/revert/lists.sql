-- Revert wangge:lists from pg

BEGIN;

DROP TABLE IF EXISTS list_touched;
DROP TABLE IF EXISTS list_set;
DROP TABLE IF EXISTS list_number;
DROP TABLE IF EXISTS list_month;
ALTER TABLE figure_state DROP COLUMN IF EXISTS listed;

COMMIT;
