-- Deploy wangge:standing to pg
-- A district's standing facts: catalogue, limits, calendars, units, routes, duty, grid, components. Loaded whole by
-- `wangge load`; every key begins with the district, so that districts can be spread over machines.

BEGIN;

CREATE EXTENSION IF NOT EXISTS postgis;

CREATE TABLE IF NOT EXISTS district (
  code               text PRIMARY KEY CHECK (code ~ '^[0-9]{6}$'),
  zh                 text NOT NULL,
  en                 text NOT NULL,
  exchange_code      text NOT NULL DEFAULT '',   -- GB/T 2260 code used upward (RULINGS 21)
  utc_offset_minutes integer NOT NULL DEFAULT 480 CHECK (utc_offset_minutes BETWEEN -840 AND 840),
  policy             jsonb NOT NULL DEFAULT '{}',
  version            bigint NOT NULL CHECK (version > 0),  -- rises with every load; polled by the dispatcher
  fingerprint        text NOT NULL DEFAULT '',
  loaded_at          timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS calendar (
  district  text NOT NULL REFERENCES district ON DELETE CASCADE,
  key       text NOT NULL,
  sessions  integer[] NOT NULL CHECK (cardinality(sessions) >= 2 AND cardinality(sessions) % 2 = 0),  -- from, to, from, to …
  first_day date NOT NULL,
  last_day  date NOT NULL,
  PRIMARY KEY (district, key),
  CHECK (first_day <= last_day)
);

-- Only days that differ from Monday to Friday.
CREATE TABLE IF NOT EXISTS calendar_day (
  district text NOT NULL,
  calendar text NOT NULL,
  day      date NOT NULL,
  works    boolean NOT NULL,  -- true: make-up day 调休; false: holiday
  PRIMARY KEY (district, calendar, day),
  FOREIGN KEY (district, calendar) REFERENCES calendar ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS unit (
  district text NOT NULL REFERENCES district ON DELETE CASCADE,
  key      text NOT NULL CHECK (key <> ''),
  zh       text NOT NULL,
  en       text NOT NULL,
  calendar text NOT NULL DEFAULT '',  -- empty: the policy's
  PRIMARY KEY (district, key)
);

CREATE TABLE IF NOT EXISTS squad (
  district text NOT NULL,
  key      text NOT NULL CHECK (key <> ''),
  unit     text NOT NULL,
  zh       text NOT NULL,
  en       text NOT NULL,
  PRIMARY KEY (district, key),
  FOREIGN KEY (district, unit) REFERENCES unit ON DELETE CASCADE
);

-- Who patrols where and when; the lines keep the order of the file.
CREATE TABLE IF NOT EXISTS duty_line (
  district    text NOT NULL REFERENCES district ON DELETE CASCADE,
  line        integer NOT NULL,
  patroller   text NOT NULL CHECK (patroller <> ''),
  unit        text NOT NULL DEFAULT '',
  street      text NOT NULL DEFAULT '',
  community   text NOT NULL DEFAULT '',
  grid        text NOT NULL DEFAULT '',
  from_minute integer NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
  to_minute   integer NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
  PRIMARY KEY (district, line),
  CHECK (from_minute < to_minute)
);

-- The same digits name a component and its fault matter: the key is (standard, kind, code) (DOMAIN 0.2).
CREATE TABLE IF NOT EXISTS category (
  district   text NOT NULL REFERENCES district ON DELETE CASCADE,
  standard   text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('component', 'matter')),
  code       text NOT NULL CHECK (code ~ '^[0-9]{4,6}$'),
  class_code text NOT NULL,
  zh         text NOT NULL,
  en         text NOT NULL,
  class_zh   text NOT NULL,
  class_en   text NOT NULL,
  valid_from timestamptz,
  valid_to   timestamptz,
  PRIMARY KEY (district, standard, kind, code),
  CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from < valid_to)
);

-- Filing conditions 立案条件; the limit hangs on them. seq 0 is the category's default.
CREATE TABLE IF NOT EXISTS condition (
  district text NOT NULL,
  standard text NOT NULL,
  kind     text NOT NULL,
  code     text NOT NULL,
  id       text NOT NULL CHECK (id <> ''),
  seq      integer NOT NULL,
  zh       text NOT NULL,
  en       text NOT NULL,
  clock    text NOT NULL CHECK (clock IN ('urgent', 'work_hour', 'work_day', 'natural_day')),
  minutes  bigint NOT NULL CHECK (minutes > 0),
  PRIMARY KEY (district, standard, kind, code, id),
  UNIQUE (district, standard, kind, code, seq),
  FOREIGN KEY (district, standard, kind, code) REFERENCES category ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS closing_condition (
  district text NOT NULL REFERENCES district ON DELETE CASCADE,
  seq      integer NOT NULL,
  code     text NOT NULL,
  PRIMARY KEY (district, code),
  UNIQUE (district, seq)
);

CREATE TABLE IF NOT EXISTS street (
  district text NOT NULL REFERENCES district ON DELETE CASCADE,
  code     text NOT NULL CHECK (code ~ '^[0-9]{9}$'),
  zh       text NOT NULL,
  en       text NOT NULL,
  PRIMARY KEY (district, code),
  CHECK (left(code, 6) = district)
);

CREATE TABLE IF NOT EXISTS community (
  district text NOT NULL,
  code     text NOT NULL CHECK (code ~ '^[0-9]{12}$'),
  street   text NOT NULL,
  zh       text NOT NULL,
  en       text NOT NULL,
  PRIMARY KEY (district, code),
  FOREIGN KEY (district, street) REFERENCES street ON DELETE CASCADE,
  CHECK (left(code, 9) = street)
);

CREATE TABLE IF NOT EXISTS route_rule (
  district   text NOT NULL,
  id         text NOT NULL CHECK (id <> ''),
  seq        integer NOT NULL,
  level      text NOT NULL CHECK (level IN ('component_maintainer', 'condition_in_grid', 'condition_in_street',
                                            'class_in_district', 'territorial')),
  maintainer text NOT NULL DEFAULT '',
  standard   text NOT NULL DEFAULT '',
  kind       text NOT NULL DEFAULT '',
  code       text NOT NULL DEFAULT '',
  condition  text NOT NULL DEFAULT '',
  class_code text NOT NULL DEFAULT '',
  grid       text NOT NULL DEFAULT '',
  street     text NOT NULL DEFAULT '',
  unit       text NOT NULL,
  squad      text NOT NULL,
  PRIMARY KEY (district, id),
  FOREIGN KEY (district, unit) REFERENCES unit ON DELETE CASCADE,
  FOREIGN KEY (district, squad) REFERENCES squad ON DELETE CASCADE
);

-- 单元网格: 15 digits = community 12 + sequence 3 (GB/T 30428.1). CGCS2000.
CREATE TABLE IF NOT EXISTS cell (
  district      text NOT NULL,
  grid          text NOT NULL CHECK (grid ~ '^[0-9]{15}$'),
  street        text NOT NULL,
  community     text NOT NULL,
  exchange_code text NOT NULL DEFAULT '',
  area_m2       double precision NOT NULL CHECK (area_m2 > 0),
  area_level    text NOT NULL DEFAULT '',
  initial_date  date NOT NULL,
  end_date      date,
  shape         geometry(Polygon, 4490) NOT NULL,
  PRIMARY KEY (district, grid),
  FOREIGN KEY (district, community) REFERENCES community ON DELETE CASCADE,
  CHECK (left(grid, 12) = community AND left(grid, 9) = street),
  CHECK (end_date IS NULL OR initial_date < end_date)
);
CREATE INDEX IF NOT EXISTS cell_shape ON cell USING gist (shape);

-- 管理部件: an object with an identity of its own and bodies that look after it.
CREATE TABLE IF NOT EXISTS component (
  district   text NOT NULL REFERENCES district ON DELETE CASCADE,
  id         text NOT NULL CHECK (id ~ '^[0-9]{16,17}$'),
  standard   text NOT NULL,
  code       text NOT NULL,
  zh         text NOT NULL,
  en         text NOT NULL,
  maintainer text NOT NULL DEFAULT '',
  owner      text NOT NULL DEFAULT '',
  supervisor text NOT NULL DEFAULT '',
  place      geometry(Point, 4490) NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX IF NOT EXISTS component_place ON component USING gist (place);

-- What a load replaces: everything but the district's own row. Children go first.
CREATE OR REPLACE FUNCTION clear_standing(which text) RETURNS void LANGUAGE sql AS $$
  DELETE FROM component WHERE district = which;
  DELETE FROM cell WHERE district = which;
  DELETE FROM route_rule WHERE district = which;
  DELETE FROM community WHERE district = which;
  DELETE FROM street WHERE district = which;
  DELETE FROM closing_condition WHERE district = which;
  DELETE FROM condition WHERE district = which;
  DELETE FROM category WHERE district = which;
  DELETE FROM duty_line WHERE district = which;
  DELETE FROM squad WHERE district = which;
  DELETE FROM unit WHERE district = which;
  DELETE FROM calendar_day WHERE district = which;
  DELETE FROM calendar WHERE district = which;
$$;

COMMIT;
