-- The later columns can be read.
BEGIN;
SELECT requests, stage_due_at, late_stages, merged_into, follows, suspended_until, appeal FROM cases WHERE false;
SELECT effect_at, effect_due_at FROM span WHERE false;
ROLLBACK;
