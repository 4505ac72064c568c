-- Revert wangge:corrections from pg

BEGIN;

DROP INDEX cases_corrected;
DROP FUNCTION last_month(text, timestamptz);
DROP FUNCTION counted_as(text[], text);

COMMIT;
