-- Deploy wangge:attendance to pg
-- requires: clocks
-- Who is on duty and answers when called: marks of on and off duty, roll-calls (点名) and their answers. Records about people,
-- beside cases: none of them moves one. Rows are only added; an answer is filled in once. Can be run again.

BEGIN;

CREATE TABLE IF NOT EXISTS duty_mark (
  district   text NOT NULL,
  mark_id    uuid NOT NULL,           -- the device's: a mark that is sent twice is one
  person     text NOT NULL CHECK (person <> ''),
  on_duty    boolean NOT NULL,
  at         timestamptz NOT NULL,    -- the door's receipt; it decides the order
  device_at  timestamptz,             -- what the device said; kept, never used for order (RULINGS 7)
  lon        float8 CHECK (lon BETWEEN -180 AND 180),
  lat        float8 CHECK (lat BETWEEN -90 AND 90),
  accuracy_m float8 CHECK (accuracy_m >= 0),
  grid       text NOT NULL DEFAULT '',  -- the cell the place lies in; '' = none or no place
  PRIMARY KEY (district, mark_id),
  CHECK ((lon IS NULL) = (lat IS NULL))
);
CREATE INDEX IF NOT EXISTS duty_mark_of_person ON duty_mark (district, person, at DESC);
CREATE INDEX IF NOT EXISTS duty_mark_by_time ON duty_mark (district, at DESC, mark_id);

CREATE TABLE IF NOT EXISTS roll_call (
  district     text NOT NULL,
  roll_call_id uuid NOT NULL,
  called_by    text NOT NULL,
  role         text NOT NULL,
  street       text NOT NULL DEFAULT '',  -- '': the whole district
  note         text NOT NULL DEFAULT '',
  at           timestamptz NOT NULL,
  answer_by    timestamptz NOT NULL,
  PRIMARY KEY (district, roll_call_id),
  CHECK (at < answer_by)
);
CREATE INDEX IF NOT EXISTS roll_call_by_time ON roll_call (district, at DESC, roll_call_id);

-- One row for each person called, filled in by the answer. Late answers are taken and shown as late.
CREATE TABLE IF NOT EXISTS roll_answer (
  district     text NOT NULL,
  roll_call_id uuid NOT NULL,
  person       text NOT NULL CHECK (person <> ''),
  answered_at  timestamptz,
  device_at    timestamptz,
  lon          float8 CHECK (lon BETWEEN -180 AND 180),
  lat          float8 CHECK (lat BETWEEN -90 AND 90),
  accuracy_m   float8 CHECK (accuracy_m >= 0),
  grid         text NOT NULL DEFAULT '',
  in_duty_grid boolean,                  -- did that cell lie in a roster line of that moment; null: no place, or no line
  photo        text NOT NULL DEFAULT '',
  note         text NOT NULL DEFAULT '',
  PRIMARY KEY (district, roll_call_id, person),
  FOREIGN KEY (district, roll_call_id) REFERENCES roll_call,
  CHECK ((lon IS NULL) = (lat IS NULL)),
  CHECK (answered_at IS NOT NULL OR photo = '')
);
CREATE INDEX IF NOT EXISTS roll_answer_of_person ON roll_answer (district, person, roll_call_id);
CREATE INDEX IF NOT EXISTS roll_answer_photo ON roll_answer (photo) WHERE photo <> '';

-- The cell a place lies in: borders belong to both, the lowest code answers.
CREATE OR REPLACE FUNCTION cell_at(which text, x float8, y float8) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT grid FROM cell WHERE district = which AND (end_date IS NULL OR end_date > current_date)
    AND ST_Intersects(shape, ST_SetSRID(ST_MakePoint(x, y), 4490)) ORDER BY grid LIMIT 1), '')
$$;

-- A person's roster lines of a moment: the days and the weekdays hold, the minutes too where `now_only`.
CREATE OR REPLACE FUNCTION duty_lines_of(which text, who text, moment timestamptz, now_only boolean) RETURNS SETOF duty_line LANGUAGE sql STABLE AS $$
  SELECT l.* FROM duty_line l,
    LATERAL (SELECT moment AT TIME ZONE 'UTC' + make_interval(mins => coalesce((SELECT utc_offset_minutes FROM district WHERE code = which), 480)) AS t) local
  WHERE l.district = which AND l.patroller = who
    AND (l.from_day IS NULL OR local.t::date >= l.from_day) AND (l.to_day IS NULL OR local.t::date < l.to_day)
    AND (l.weekdays & (1 << (extract(isodow FROM local.t)::int - 1))) <> 0
    AND (NOT now_only OR (extract(hour FROM local.t)::int * 60 + extract(minute FROM local.t)::int) BETWEEN l.from_minute AND l.to_minute - 1)
$$;

-- Does a roster line hold that cell? As core's find_checker reads a line: grid, duty grid, community, street, or the whole district.
CREATE OR REPLACE FUNCTION duty_line_holds(l duty_line, c cell) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN l.grid <> '' THEN l.grid = c.grid
    WHEN l.duty_grid <> '' THEN EXISTS (SELECT FROM area a WHERE a.district = l.district AND a.layer = 'duty' AND a.code = l.duty_grid AND c.grid = ANY (a.grids))
    WHEN l.community <> '' THEN l.community = c.community
    WHEN l.street <> '' THEN l.street = c.street
    ELSE true
  END
$$;

COMMIT;
