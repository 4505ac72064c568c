-- Verify wangge:answers on pg

BEGIN;

SELECT 1 / count(*) FROM pg_class WHERE relname = 'case_mark_misdirected';

ROLLBACK;
