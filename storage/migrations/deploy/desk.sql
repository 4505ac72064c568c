-- Deploy wangge:desk to pg
-- requires: published
-- What the center's desk keeps beside the cases: handovers that two shift leaders sign, replies promised to callers, saved views;
-- and who looks at which case now, which is worth nothing after a restart and so lies in tables without a log.
-- Can be run again.

BEGIN;

-- Without rows: the standard shifts (core::standard_shifts).
CREATE TABLE IF NOT EXISTS desk_shift (
  district text NOT NULL REFERENCES district ON DELETE CASCADE,
  minute   integer NOT NULL CHECK (minute BETWEEN 0 AND 1439),
  zh       text NOT NULL CHECK (zh <> ''),
  en       text NOT NULL CHECK (en <> ''),
  PRIMARY KEY (district, minute)
);

-- One a shift. `snapshot` is the desk as the server saw it at taken_at, kept as text so that its digest can be taken again;
-- `digest` is over shift, snapshot and notes as the first leader signed them.
CREATE TABLE IF NOT EXISTS handover (
  district    text NOT NULL,
  number      bigint NOT NULL CHECK (number > 0),
  version     bigint NOT NULL DEFAULT 1 CHECK (version > 0),
  shift_from  timestamptz NOT NULL,
  shift_to    timestamptz NOT NULL CHECK (shift_to > shift_from),
  shift_zh    text NOT NULL,
  shift_en    text NOT NULL,
  opened_at   timestamptz NOT NULL,
  opened_by   text NOT NULL,
  snapshot    text NOT NULL,
  notes       text NOT NULL DEFAULT '' CHECK (length(notes) <= 4000),
  outgoing    text NOT NULL DEFAULT '',
  outgoing_at timestamptz,
  digest      text NOT NULL DEFAULT '',
  incoming    text NOT NULL DEFAULT '',
  incoming_at timestamptz,
  remark      text NOT NULL DEFAULT '' CHECK (length(remark) <= 4000),
  PRIMARY KEY (district, number),
  UNIQUE (district, shift_from),
  CONSTRAINT signed_with_time CHECK ((outgoing <> '') = (outgoing_at IS NOT NULL) AND (incoming <> '') = (incoming_at IS NOT NULL)),
  CONSTRAINT signed_with_digest CHECK ((outgoing <> '') = (digest <> '')),
  CONSTRAINT second_after_first CHECK (incoming = '' OR (outgoing <> '' AND incoming <> outgoing AND incoming_at >= outgoing_at))
);

-- What was signed stays: after the first signature nothing but the second, after the second nothing at all.
CREATE OR REPLACE FUNCTION handover_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.incoming <> '' THEN
    RAISE EXCEPTION 'handover % of % is signed by both and cannot change', OLD.number, OLD.district;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'handovers are not removed';
  END IF;
  IF OLD.outgoing <> '' AND (NEW.district, NEW.number, NEW.shift_from, NEW.shift_to, NEW.snapshot, NEW.notes, NEW.outgoing, NEW.outgoing_at, NEW.digest)
     IS DISTINCT FROM (OLD.district, OLD.number, OLD.shift_from, OLD.shift_to, OLD.snapshot, OLD.notes, OLD.outgoing, OLD.outgoing_at, OLD.digest) THEN
    RAISE EXCEPTION 'handover % of % is signed and waits for the second signature only', OLD.number, OLD.district;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER handover_stays BEFORE UPDATE OR DELETE ON handover FOR EACH ROW EXECUTE FUNCTION handover_stays();

-- A caller was promised a reply until then. By report, because the word may be given before the case has its number.
CREATE TABLE IF NOT EXISTS reply_promise (
  district  text NOT NULL,
  report_id text NOT NULL,
  until_at  timestamptz NOT NULL,
  made_by   text NOT NULL,
  made_at   timestamptz NOT NULL,
  PRIMARY KEY (district, report_id)
);

-- A name for a filter of the queue, one's own or everybody's; pins are each person's.
CREATE TABLE IF NOT EXISTS saved_view (
  district text NOT NULL,
  view_id  text NOT NULL,
  owner    text NOT NULL,
  name     text NOT NULL CHECK (name <> '' AND length(name) <= 40),
  query    text NOT NULL CHECK (length(query) <= 1000),
  shared   boolean NOT NULL,
  made_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district, view_id)
);
CREATE UNIQUE INDEX IF NOT EXISTS saved_view_name ON saved_view (district, owner, name);
CREATE TABLE IF NOT EXISTS saved_view_pin (
  district text NOT NULL,
  name     text NOT NULL,
  view_id  text NOT NULL,
  PRIMARY KEY (district, name, view_id),
  FOREIGN KEY (district, view_id) REFERENCES saved_view ON DELETE CASCADE
);

-- One row a browser tab that has a case open. No index beside the key, so that a heartbeat changes the row in its page alone.
CREATE UNLOGGED TABLE IF NOT EXISTS presence (
  district text NOT NULL,
  name     text NOT NULL,
  seat     text NOT NULL,
  role     text NOT NULL,
  case_no  text NOT NULL,
  since    timestamptz NOT NULL,
  seen_at  timestamptz NOT NULL,
  PRIMARY KEY (district, name, seat)
) WITH (fillfactor = 50);
-- Who works on a case: a courtesy of a minute, renewed by the heartbeat. The hard guard is the case's version.
CREATE UNLOGGED TABLE IF NOT EXISTS case_lease (
  district   text NOT NULL,
  case_no    text NOT NULL,
  name       text NOT NULL,
  role       text NOT NULL,
  since      timestamptz NOT NULL,
  until_at   timestamptz NOT NULL,
  taken_from text NOT NULL DEFAULT '',
  reason     text NOT NULL DEFAULT '',
  PRIMARY KEY (district, case_no)
) WITH (fillfactor = 50);
-- That it was taken over, from whom and why, stays.
CREATE TABLE IF NOT EXISTS lease_takeover (
  district   text NOT NULL,
  case_no    text NOT NULL,
  at         timestamptz NOT NULL,
  name       text NOT NULL,
  taken_from text NOT NULL,
  reason     text NOT NULL CHECK (reason <> ''),
  PRIMARY KEY (district, case_no, at)
);

COMMIT;
