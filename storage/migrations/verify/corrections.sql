-- Verify wangge:corrections on pg

BEGIN;

SELECT 1 / (counted_as('{corrected,counted_as:2026-10:s:c:g:06:06012}', '2026-09') = '{counted_as,2026-10,s,c,g,06,06012}')::int;
SELECT 1 / (last_month('', '2026-10-31 16:00+00') = '2026-10')::int;
SELECT 'cases_corrected'::regclass;

ROLLBACK;
