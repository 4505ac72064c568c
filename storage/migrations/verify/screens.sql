-- Verify wangge:screens on pg

BEGIN;

SELECT 1 / (phone_key('+86 138-0000-1234') = '13800001234')::int;
SELECT 1 / (count(*) = 3)::int FROM pg_class WHERE relname IN ('history_settled', 'reporter_phone', 'hotline_caller_phone');

ROLLBACK;
