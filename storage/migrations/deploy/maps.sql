-- Deploy wangge:maps to pg
-- requires: published
-- Open cases by place: what a map's tile counts, it reads from this index alone, lights included. Can be run again.

BEGIN;

CREATE INDEX IF NOT EXISTS open_map ON cases (district, lon)
  INCLUDE (lat, state, street, unit, squad, opened_at, due_at, warn_at, handed_over_at, late, left_ms, limit_minutes, upstream_due_at, upstream_done_at, closed_at)
  WHERE closed_at IS NULL;

COMMIT;
