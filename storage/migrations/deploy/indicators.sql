-- Deploy wangge:indicators to pg
-- requires: figures
-- What each history row counts as, with post, person and unit frozen at the step; and the seals of months. Can be run again.

BEGIN;

CREATE TABLE IF NOT EXISTS case_mark (
  district text NOT NULL,
  at timestamptz NOT NULL,
  mark text NOT NULL,
  case_no text NOT NULL,
  version bigint NOT NULL,
  person text NOT NULL,
  post text NOT NULL,
  unit text NOT NULL,
  squad text NOT NULL
);
-- Marks come in the order of time but for what is backdated: a month's are a few stretches of the table.
CREATE INDEX IF NOT EXISTS case_mark_at ON case_mark USING brin (at) WITH (pages_per_range = 32);
CREATE INDEX IF NOT EXISTS case_mark_hang ON case_mark (district, at) WHERE mark IN ('hang', 'unhang');

-- A sealed month: what its tables said, digested and signed. Nothing is backdated before the end of the newest.
CREATE TABLE IF NOT EXISTS month_seal (
  district text NOT NULL,
  month text NOT NULL CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
  to_at timestamptz NOT NULL,
  as_of timestamptz NOT NULL,
  content text NOT NULL,   -- the tables, canonical text
  digest text NOT NULL,    -- SHA-256 of it, hexadecimal
  signature text NOT NULL, -- Ed25519 over "district month digest", hexadecimal
  sealed_by text NOT NULL,
  sealed_at timestamptz NOT NULL,
  PRIMARY KEY (district, month)
);

COMMIT;
