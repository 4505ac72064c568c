-- Verify wangge:supervision on pg

BEGIN;

SELECT pattern, checker, squad, from_at, to_at, by_whom, at, verdict, note FROM suspicion_look WHERE false;
SELECT managed_content('', 'calendars'), managed_content('', 'duty'), managed_content('', 'shifts');
SELECT clear_managed('', 'calendars');
SELECT 1 / (count(*) - 1) FROM pg_indexes WHERE indexname IN ('cases_orders', 'cases_requests');

ROLLBACK;
