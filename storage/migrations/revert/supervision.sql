-- Revert wangge:supervision from pg

BEGIN;

DROP FUNCTION clear_managed(text, text);
DROP FUNCTION managed_content(text, text);
DROP TABLE suspicion_look;
DROP INDEX cases_requests;
DROP INDEX cases_orders;
DELETE FROM standing_version WHERE part = 'calendars';

COMMIT;
