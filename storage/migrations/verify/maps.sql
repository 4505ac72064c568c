-- Verify wangge:maps on pg

BEGIN;

SELECT 1 / count(*) FROM pg_indexes WHERE indexname = 'open_map';

ROLLBACK;
