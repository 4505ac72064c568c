-- The index is there and can be used.
BEGIN;
SELECT 1 / (count(*) = 1)::int FROM pg_index WHERE indexrelid = 'ended_due'::regclass AND indisvalid;
ROLLBACK;
