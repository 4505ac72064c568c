-- Deploy wangge:lists to pg
-- requires: figures
-- Which cases stand behind the numbers of a month that is over (DECISIONS 160): for every row of its table and for every column the cases, as
-- a set of places in the month's list of cases. What is written into such a month later is noted beside it. Can be run again.

BEGIN;

-- The newest month that has lists; writers learn of it as of the months themselves.
ALTER TABLE figure_state ADD COLUMN IF NOT EXISTS listed int NOT NULL DEFAULT 0;

CREATE TABLE IF NOT EXISTS list_month (
  district text NOT NULL,
  month int NOT NULL,          -- as figure_month counts them
  read_at timestamptz NOT NULL,  -- the T that the lists are true for
  cases int NOT NULL,
  seen pg_snapshot NOT NULL,   -- what was written when they were made
  cluster bigint NOT NULL,     -- whose transactions `seen` counts: after a dump was loaded elsewhere it says nothing
  PRIMARY KEY (district, month)
);

-- The month's cases by their numbers; a case's place counts from 0 over all parts of a thousand.
CREATE TABLE IF NOT EXISTS list_number (
  district text NOT NULL,
  month int NOT NULL,
  part int NOT NULL,
  first text NOT NULL,
  numbers text[] NOT NULL,
  PRIMARY KEY (district, month, part)
);

-- by: a column of the table (then the key is its name), or a grouping (then a row's).
CREATE TABLE IF NOT EXISTS list_set (
  district text NOT NULL,
  month int NOT NULL,
  by text NOT NULL,
  key text NOT NULL,
  places bytea NOT NULL,  -- storage/place_set.hpp
  PRIMARY KEY (district, month, by, key)
);

-- Cases that count otherwise in a listed month than they did before.
CREATE TABLE IF NOT EXISTS list_touched (
  district text NOT NULL,
  case_no text NOT NULL,
  by_xact xid8 NOT NULL DEFAULT pg_current_xact_id()
);

COMMIT;
