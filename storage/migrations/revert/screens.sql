-- Revert wangge:screens from pg

BEGIN;

DROP INDEX hotline_caller_phone, reporter_phone, history_settled;
DROP FUNCTION phone_key(text);

COMMIT;
