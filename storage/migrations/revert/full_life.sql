-- Takes the later columns away again. For empty databases and tests only.
BEGIN;
DROP INDEX span_alive, span_voided, cases_ended_filed;
CREATE INDEX span_ended ON span (district, until_at) WHERE until_at IS NOT NULL;
CREATE INDEX span_open_due ON span (district, due_at) WHERE until_at IS NULL;
CREATE INDEX cases_ended ON cases (district, closed_at) WHERE closed_at IS NOT NULL;
ALTER TABLE span DROP COLUMN effect_at, DROP COLUMN effect_due_at;
ALTER TABLE cases DROP CONSTRAINT known_state, DROP CONSTRAINT ended_exactly_when_closed_at;
ALTER TABLE cases
  DROP COLUMN stage_due_at,
  DROP COLUMN follows,
  DROP COLUMN requests,
  DROP COLUMN return_approved,
  DROP COLUMN binding,
  DROP COLUMN verify_result,
  DROP COLUMN extensions,
  DROP COLUMN suspensions,
  DROP COLUMN pause_kind,
  DROP COLUMN suspended_until,
  DROP COLUMN urgent,
  DROP COLUMN made_safe_at,
  DROP COLUMN safe_checked_at,
  DROP COLUMN supervised,
  DROP COLUMN urges,
  DROP COLUMN instructions,
  DROP COLUMN merged_into,
  DROP COLUMN duplicates,
  DROP COLUMN followed_by,
  DROP COLUMN enforcement_no,
  DROP COLUMN enforcement_step,
  DROP COLUMN replied_at,
  DROP COLUMN satisfaction,
  DROP COLUMN appeal,
  DROP COLUMN stage_left_ms,
  DROP COLUMN late_stages,
  ADD COLUMN pending_request text NOT NULL DEFAULT '',
  ADD COLUMN requested_by text NOT NULL DEFAULT '',
  ADD COLUMN requested_at timestamptz;
COMMIT;
