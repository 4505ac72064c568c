-- Revert wangge:maps from pg

BEGIN;

DROP INDEX open_map;

COMMIT;
