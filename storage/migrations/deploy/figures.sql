-- Deploy wangge:figures to pg
-- requires: reads
-- The closure table as a rollup (DECISIONS 26): what each case adds to each month, summed. A case write takes out what the
-- case added before and puts in what it adds now (core/figures.hpp), as rows of figure_delta; folding moves them into figure_rollup.
-- Can be run again.

BEGIN;

-- Local months are counted from year 0, local days from 1970-01-01; the district's zone is a fixed offset (DECISIONS 8).
CREATE OR REPLACE FUNCTION month_of(timestamptz, minutes int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT (extract(year FROM ($1 AT TIME ZONE 'UTC') + make_interval(mins => $2)) * 12
              + extract(month FROM ($1 AT TIME ZONE 'UTC') + make_interval(mins => $2)) - 1)::int $$;
CREATE OR REPLACE FUNCTION day_of(timestamptz, minutes int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT (($1 AT TIME ZONE 'UTC') + make_interval(mins => $2))::date - date '1970-01-01' $$;

-- Every local month's bounds and the instant T at which it is read (CONTRACT 7), by the center's calendar.
CREATE TABLE IF NOT EXISTS figure_month (
  district text NOT NULL,
  month int NOT NULL,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  read_at timestamptz NOT NULL CHECK (read_at > to_at),
  PRIMARY KEY (district, month)
);

CREATE TABLE IF NOT EXISTS figure_state (
  district text PRIMARY KEY,
  calendar bigint NOT NULL DEFAULT 1,  -- rises when the months are set anew
  built boolean NOT NULL,  -- false: tables are computed from spans until `wangge report recompute --rebuild`
  last_at timestamptz NOT NULL DEFAULT '-infinity',  -- of the newest row of history among what is folded
  past_day int NOT NULL DEFAULT 0  -- deadlines of days before this one stand together as day 1
);

-- One row: what cases of one kind add from `month` on. Columns up to ended_extended count in that month alone; the others
-- stand from that month on until they are taken out again. day > 0: open and undisposed now, filed in `month`, due on `day`.
CREATE TABLE IF NOT EXISTS figure_delta (
  district text NOT NULL,
  at timestamptz NOT NULL,
  street text NOT NULL,
  unit text NOT NULL,
  squad text NOT NULL,
  class text NOT NULL,
  source text NOT NULL,
  month int NOT NULL,
  day int NOT NULL,
  filed bigint NOT NULL,
  dispatched bigint NOT NULL,
  closed bigint NOT NULL,
  closed_on_time bigint NOT NULL,
  ended bigint NOT NULL,           -- closed, forced closed, voided late: the due that will not come again
  ended_reworked bigint NOT NULL,
  ended_extended bigint NOT NULL,
  open_at_end bigint NOT NULL,
  awaiting bigint NOT NULL,
  enforcement bigint NOT NULL,
  undone bigint NOT NULL,
  undone_carried bigint NOT NULL,
  undone_reworked bigint NOT NULL,
  undone_extended bigint NOT NULL
);

-- within: '' the district, or 'street=…', 'unit=…', 'squad=UNIT/SQUAD': what somebody of that scope may see.
CREATE TABLE IF NOT EXISTS figure_rollup (
  district text NOT NULL,
  within text NOT NULL,
  by text NOT NULL,
  month int NOT NULL,
  day int NOT NULL,
  key text NOT NULL,
  filed bigint NOT NULL,
  dispatched bigint NOT NULL,
  closed bigint NOT NULL,
  closed_on_time bigint NOT NULL,
  ended bigint NOT NULL,
  ended_reworked bigint NOT NULL,
  ended_extended bigint NOT NULL,
  open_at_end bigint NOT NULL,
  awaiting bigint NOT NULL,
  enforcement bigint NOT NULL,
  undone bigint NOT NULL,
  undone_carried bigint NOT NULL,
  undone_reworked bigint NOT NULL,
  undone_extended bigint NOT NULL,
  PRIMARY KEY (district, within, by, month, day, key)
);
CREATE INDEX IF NOT EXISTS figure_rollup_days ON figure_rollup (district, day) WHERE day > 0;

COMMIT;
