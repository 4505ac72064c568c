-- Verify wangge:taken_back on pg

BEGIN;

SELECT 1 / count(*) FROM pg_class WHERE relname = 'case_mark_taken_back';

ROLLBACK;
