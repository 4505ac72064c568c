-- Verify wangge:lists on pg

BEGIN;

SELECT listed FROM figure_state WHERE false;
SELECT district, month, read_at, cases, seen, cluster FROM list_month WHERE false;
SELECT district, month, part, first, numbers FROM list_number WHERE false;
SELECT district, month, by, key, places FROM list_set WHERE false;
SELECT district, case_no, by_xact FROM list_touched WHERE false;

ROLLBACK;
