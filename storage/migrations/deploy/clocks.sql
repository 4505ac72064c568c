-- Deploy wangge:clocks to pg
-- requires: rules
-- What falls due by itself: one row an armed clock, found by its index and never by a scan; who was told of it; orders from
-- above and milestones with limits of their own; the running segment of a clock, so that a changed calendar derives its
-- deadline again; seasons of a calendar and why a day differs. Can be run again.

BEGIN;

ALTER TABLE cases
  ADD COLUMN IF NOT EXISTS run_from timestamptz,
  ADD COLUMN IF NOT EXISTS run_left_ms bigint,
  ADD COLUMN IF NOT EXISTS milestone text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS milestone_due_at timestamptz,
  ADD COLUMN IF NOT EXISTS orders text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS late_milestones text[] NOT NULL DEFAULT '{}',
  ADD COLUMN IF NOT EXISTS checked_lon float8,
  ADD COLUMN IF NOT EXISTS checked_lat float8,
  ADD COLUMN IF NOT EXISTS blind text NOT NULL DEFAULT '';
-- Whose people work for a squad: none of them checks it (RULINGS 13).
ALTER TABLE squad ADD COLUMN IF NOT EXISTS contractor text NOT NULL DEFAULT '';

-- Written in the same transaction as the case that arms it. fire_at NULL: acknowledged, or the ladder has ended; the row stays
-- so that the same deadline never begins again.
CREATE TABLE IF NOT EXISTS timer (
  district text NOT NULL,
  case_no text NOT NULL,
  clock text NOT NULL CHECK (clock IN ('disposal', 'stage', 'milestone', 'order')),
  due_at timestamptz NOT NULL,
  step bigint NOT NULL CHECK (step >= 0),
  fire_at timestamptz,
  PRIMARY KEY (district, case_no, clock)
);
CREATE INDEX IF NOT EXISTS timer_fire ON timer (district, fire_at) WHERE fire_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS escalation (
  district text NOT NULL,
  case_no text NOT NULL,
  clock text NOT NULL,
  due_at timestamptz NOT NULL,
  step text NOT NULL,
  told text NOT NULL CHECK (role_known(told)),
  unit text NOT NULL,
  fired_at timestamptz NOT NULL,
  acknowledged_at timestamptz,
  acknowledged_by text NOT NULL DEFAULT '',
  ended_at timestamptz,
  PRIMARY KEY (district, case_no, clock, due_at, step, told)
);
CREATE INDEX IF NOT EXISTS escalation_standing ON escalation (district, told, fired_at)
  WHERE acknowledged_at IS NULL AND ended_at IS NULL;
CREATE INDEX IF NOT EXISTS escalation_told ON escalation (district, told, fired_at);

-- Other sessions from a day on (夏令作息).
CREATE TABLE IF NOT EXISTS calendar_season (
  district text NOT NULL,
  calendar text NOT NULL,
  first_day date NOT NULL,
  sessions integer[] NOT NULL CHECK (cardinality(sessions) >= 2 AND cardinality(sessions) % 2 = 0),
  PRIMARY KEY (district, calendar, first_day),
  FOREIGN KEY (district, calendar) REFERENCES calendar ON DELETE CASCADE
);
ALTER TABLE calendar_day ADD COLUMN IF NOT EXISTS note text NOT NULL DEFAULT '';

COMMIT;
