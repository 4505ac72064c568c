-- The whole life of a case: requests that wait, suspension, enforcement, merging, linked cases, replies, appeals, the
-- stages' own clocks; and on spans, from when an approval counts. Can be run again.
BEGIN;

ALTER TABLE cases
  ADD COLUMN IF NOT EXISTS stage_due_at timestamptz,
  ADD COLUMN IF NOT EXISTS follows text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS requests text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS return_approved boolean NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS binding boolean NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS verify_result text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS extensions bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS suspensions bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS pause_kind text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS suspended_until timestamptz,
  ADD COLUMN IF NOT EXISTS urgent boolean NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS made_safe_at timestamptz,
  ADD COLUMN IF NOT EXISTS safe_checked_at timestamptz,
  ADD COLUMN IF NOT EXISTS supervised bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS urges bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS instructions bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS merged_into text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS duplicates bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS followed_by text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS enforcement_no text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS enforcement_step text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS replied_at timestamptz,
  ADD COLUMN IF NOT EXISTS satisfaction text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS appeal text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS stage_left_ms bigint,
  ADD COLUMN IF NOT EXISTS late_stages text[] NOT NULL DEFAULT '{}';
ALTER TABLE cases
  ALTER COLUMN late SET DEFAULT false,
  ALTER COLUMN closing_condition SET DEFAULT '',
  ALTER COLUMN returns SET DEFAULT 0,
  ALTER COLUMN rework SET DEFAULT 0,
  ALTER COLUMN wrong_dispatch SET DEFAULT false,
  ALTER COLUMN check_mode SET DEFAULT '',
  ALTER COLUMN exempt SET DEFAULT false,
  DROP COLUMN IF EXISTS pending_request,
  DROP COLUMN IF EXISTS requested_by,
  DROP COLUMN IF EXISTS requested_at,
  DROP CONSTRAINT IF EXISTS known_state,
  DROP CONSTRAINT IF EXISTS ended_exactly_when_closed_at;
ALTER TABLE cases
  ADD CONSTRAINT known_state CHECK (state IN (
    'reported', 'verifying', 'pending_accept', 'pending_file', 'pending_dispatch', 'returned_by_dispatch',
    'pending_dispose', 'returned_by_unit', 'disposing', 'suspended', 'in_enforcement', 'disposed',
    'pending_review', 'checking', 'pending_close', 'closed', 'forced_closed', 'not_accepted', 'not_filed',
    'voided', 'self_disposed_review', 'self_disposed_closed', 'merged', 'transferred_out')),
  ADD CONSTRAINT ended_exactly_when_closed_at CHECK ((closed_at IS NOT NULL) = (state IN (
    'closed', 'forced_closed', 'not_accepted', 'not_filed', 'voided', 'self_disposed_closed', 'merged',
    'transferred_out')));
-- Suspended cases wake by themselves at their day.
CREATE INDEX IF NOT EXISTS cases_suspended ON cases (district, suspended_until) WHERE state = 'suspended';
CREATE INDEX IF NOT EXISTS cases_enforcement ON cases (district, closed_at) WHERE enforcement_no <> '';
CREATE INDEX IF NOT EXISTS cases_merged ON cases (district, merged_into) WHERE merged_into <> '';

ALTER TABLE span
  ADD COLUMN IF NOT EXISTS effect_at timestamptz,
  ADD COLUMN IF NOT EXISTS effect_due_at timestamptz;

-- Which spans hold an instant: whatever month is read, its edge finds them at once.
CREATE INDEX IF NOT EXISTS span_alive ON span USING gist (tstzrange(from_at, until_at, '(]'));
CREATE INDEX IF NOT EXISTS span_voided ON span (district, until_at) WHERE ended = 'voided';
DROP INDEX IF EXISTS span_ended;
DROP INDEX IF EXISTS span_open_due;
CREATE INDEX IF NOT EXISTS cases_ended_filed ON cases (district, closed_at) INCLUDE (filed_at, case_no) WHERE closed_at IS NOT NULL;
DROP INDEX IF EXISTS cases_ended;

COMMIT;
