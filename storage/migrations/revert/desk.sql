-- Revert wangge:desk from pg

BEGIN;

DROP TABLE lease_takeover, case_lease, presence, saved_view_pin, saved_view, reply_promise, handover, desk_shift;
DROP FUNCTION handover_stays();

COMMIT;
