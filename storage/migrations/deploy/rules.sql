-- Deploy wangge:rules to pg
-- requires: indicators
-- What a city decides before cases come: the catalogue's thresholds, area limits, photo rules and cross-map; dated and timed
-- rules, the responsibility list, shifts and absences; areas of further layers; campaigns, emergency plans, managed places;
-- retired grids; and every version of it, kept for ever, so that an old case is read under the catalogue of its day.
-- Can be run again.

BEGIN;

ALTER TABLE cases
  ADD COLUMN IF NOT EXISTS area_level text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS catalogue_version bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS campaign text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS flags text[] NOT NULL DEFAULT '{}';
-- The coordination desk's queue.
CREATE INDEX IF NOT EXISTS cases_desk ON cases (district, case_no)
  WHERE state = 'pending_dispatch' AND ('disputed' = ANY (flags) OR 'unowned' = ANY (flags));
CREATE INDEX IF NOT EXISTS cases_third_return ON cases (district, case_no) WHERE state = 'returned_by_unit' AND returns >= 2;
CREATE INDEX IF NOT EXISTS cases_campaign ON cases (district, campaign, case_no) WHERE campaign <> '';

ALTER TABLE unit ADD COLUMN IF NOT EXISTS parent text NOT NULL DEFAULT '';
ALTER TABLE squad ADD COLUMN IF NOT EXISTS lon float8, ADD COLUMN IF NOT EXISTS lat float8;
ALTER TABLE duty_line
  ADD COLUMN IF NOT EXISTS duty_grid text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS from_day date,
  ADD COLUMN IF NOT EXISTS to_day date,
  ADD COLUMN IF NOT EXISTS weekdays integer NOT NULL DEFAULT 127;

ALTER TABLE category
  ADD COLUMN IF NOT EXISTS photos_least bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS photo_rule_zh text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS photo_rule_en text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS do_not_report_zh text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS do_not_report_en text NOT NULL DEFAULT '';
ALTER TABLE condition
  ADD COLUMN IF NOT EXISTS thresholds text NOT NULL DEFAULT '',  -- "damage_cm2>25;depth_cm>=3"
  ADD COLUMN IF NOT EXISTS closing text NOT NULL DEFAULT '';     -- closing codes that fit, by spaces; empty: any
CREATE TABLE IF NOT EXISTS condition_limit (  -- another limit in cells of this level
  district   text NOT NULL,
  standard   text NOT NULL,
  kind       text NOT NULL,
  code       text NOT NULL,
  id         text NOT NULL,
  area_level text NOT NULL CHECK (area_level <> ''),
  clock      text NOT NULL CHECK (clock IN ('urgent', 'work_hour', 'work_day', 'natural_day')),
  minutes    bigint NOT NULL CHECK (minutes > 0),
  PRIMARY KEY (district, standard, kind, code, id, area_level),
  FOREIGN KEY (district, standard, kind, code, id) REFERENCES condition ON DELETE CASCADE
);
ALTER TABLE closing_condition
  ADD COLUMN IF NOT EXISTS zh text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS en text NOT NULL DEFAULT '';
CREATE TABLE IF NOT EXISTS cross_map (
  district     text NOT NULL REFERENCES district ON DELETE CASCADE,
  old_standard text NOT NULL,
  old_kind     text NOT NULL,
  old_code     text NOT NULL,
  new_standard text NOT NULL,
  new_kind     text NOT NULL,
  new_code     text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('same', 'split', 'joined')),
  PRIMARY KEY (district, old_standard, old_kind, old_code, new_standard, new_kind, new_code)
);

ALTER TABLE route_rule
  ADD COLUMN IF NOT EXISTS community text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS area_level text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS source text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS campaign text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS from_day date,
  ADD COLUMN IF NOT EXISTS to_day date,
  ADD COLUMN IF NOT EXISTS weekdays integer NOT NULL DEFAULT 127,
  ADD COLUMN IF NOT EXISTS from_minute integer NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS to_minute integer NOT NULL DEFAULT 1440,
  ADD COLUMN IF NOT EXISTS pick text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS document text NOT NULL DEFAULT '',
  ALTER COLUMN squad DROP NOT NULL,
  DROP CONSTRAINT IF EXISTS route_rule_level_check;
ALTER TABLE route_rule
  ADD CONSTRAINT route_rule_level_check CHECK (level IN (
    'ordered', 'component_maintainer', 'condition_in_grid', 'condition_in_street', 'class_in_district', 'territorial'));

-- What the coordination desk decided and made a rule: written with the case's own row, never replaced by a load.
CREATE TABLE IF NOT EXISTS desk_rule (
  district   text NOT NULL REFERENCES district ON DELETE CASCADE,
  id         text NOT NULL,
  standard   text NOT NULL,
  kind       text NOT NULL,
  code       text NOT NULL,
  grid       text NOT NULL DEFAULT '',
  street     text NOT NULL DEFAULT '',
  from_day   date,
  to_day     date,
  unit       text NOT NULL,
  squad      text NOT NULL DEFAULT '',
  document   text NOT NULL DEFAULT '',
  case_no    text NOT NULL,
  decided_by text NOT NULL,
  decided_at timestamptz NOT NULL,
  seq        bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (district, id)
);

CREATE TABLE IF NOT EXISTS responsibility (  -- 权责清单 (RULINGS 17)
  district    text NOT NULL REFERENCES district ON DELETE CASCADE,
  seq         integer NOT NULL,
  id          text NOT NULL CHECK (id <> ''),
  standard    text NOT NULL DEFAULT '',
  kind        text NOT NULL DEFAULT '',
  code        text NOT NULL DEFAULT '',
  condition   text NOT NULL DEFAULT '',
  class_code  text NOT NULL DEFAULT '',
  area        text NOT NULL DEFAULT '' CHECK (area ~ '^([0-9]{9}|[0-9]{12}|[0-9]{15})?$'),
  supervising text NOT NULL DEFAULT '',
  responsible text NOT NULL CHECK (responsible <> ''),
  assisting   text NOT NULL DEFAULT '',  -- units by spaces
  basis       text NOT NULL DEFAULT '',
  document    text NOT NULL DEFAULT '',
  from_day    date,
  to_day      date,
  pick        text NOT NULL DEFAULT '',
  PRIMARY KEY (district, id)
);

CREATE TABLE IF NOT EXISTS squad_shift (
  district    text NOT NULL REFERENCES district ON DELETE CASCADE,
  line        integer NOT NULL,
  squad       text NOT NULL,
  street      text NOT NULL DEFAULT '',
  community   text NOT NULL DEFAULT '',
  grid        text NOT NULL DEFAULT '',
  from_day    date,
  to_day      date,
  weekdays    integer NOT NULL DEFAULT 127,
  from_minute integer NOT NULL CHECK (from_minute BETWEEN 0 AND 1440),
  to_minute   integer NOT NULL CHECK (to_minute BETWEEN 0 AND 1440),
  PRIMARY KEY (district, line)
);

CREATE TABLE IF NOT EXISTS absence (
  district text NOT NULL REFERENCES district ON DELETE CASCADE,
  line     integer NOT NULL,
  squad    text NOT NULL,
  from_at  timestamptz NOT NULL,
  to_at    timestamptz NOT NULL,
  stand_in text NOT NULL DEFAULT '',
  reason   text NOT NULL DEFAULT '',
  PRIMARY KEY (district, line),
  CHECK (from_at < to_at)
);

CREATE TABLE IF NOT EXISTS area (  -- layers over the unit grids, each a tree of any depth; layer `duty`: 责任网格
  district text NOT NULL REFERENCES district ON DELETE CASCADE,
  layer    text NOT NULL,
  code     text NOT NULL,
  parent   text NOT NULL DEFAULT '',
  zh       text NOT NULL,
  en       text NOT NULL,
  grids    text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (district, layer, code)
);

CREATE TABLE IF NOT EXISTS campaign (  -- 专项
  district   text NOT NULL REFERENCES district ON DELETE CASCADE,
  seq        integer NOT NULL,
  key        text NOT NULL,
  zh         text NOT NULL,
  en         text NOT NULL,
  categories text NOT NULL DEFAULT '',
  areas      text NOT NULL DEFAULT '',
  sources    text NOT NULL DEFAULT '',
  from_day   date NOT NULL,
  to_day     date NOT NULL,
  quota      bigint NOT NULL DEFAULT 0 CHECK (quota >= 0),
  counted    text NOT NULL DEFAULT 'within' CHECK (counted IN ('within', 'apart')),
  checklist  text NOT NULL DEFAULT '',  -- one item a line
  PRIMARY KEY (district, key),
  CHECK (from_day < to_day)
);

CREATE TABLE IF NOT EXISTS plan (  -- emergency plans
  district       text NOT NULL REFERENCES district ON DELETE CASCADE,
  key            text NOT NULL,
  zh             text NOT NULL,
  en             text NOT NULL,
  urgent         text NOT NULL DEFAULT '',
  urgent_minutes bigint NOT NULL DEFAULT 120 CHECK (urgent_minutes > 0),
  relaxed        text NOT NULL DEFAULT '',
  clocks         text NOT NULL DEFAULT '',
  percent        bigint NOT NULL DEFAULT 100 CHECK (percent BETWEEN 100 AND 1000),
  PRIMARY KEY (district, key)
);
-- Switched on and off by a named person with a reason; never replaced by a load.
CREATE TABLE IF NOT EXISTS plan_switch (
  district   text NOT NULL REFERENCES district ON DELETE CASCADE,
  plan       text NOT NULL,
  on_at      timestamptz NOT NULL,
  on_by      text NOT NULL,
  on_reason  text NOT NULL,
  off_at     timestamptz,
  off_by     text NOT NULL DEFAULT '',
  off_reason text NOT NULL DEFAULT '',
  PRIMARY KEY (district, plan, on_at),
  CHECK (off_at IS NULL OR off_at >= on_at)
);
CREATE UNIQUE INDEX IF NOT EXISTS plan_on ON plan_switch (district, plan) WHERE off_at IS NULL;

CREATE TABLE IF NOT EXISTS managed_place (
  district    text NOT NULL REFERENCES district ON DELETE CASCADE,
  key         text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('control', 'market')),
  zh          text NOT NULL,
  en          text NOT NULL,
  allowed     text NOT NULL DEFAULT '',
  from_day    date,
  to_day      date,
  weekdays    integer NOT NULL DEFAULT 127,
  from_minute integer NOT NULL DEFAULT 0,
  to_minute   integer NOT NULL DEFAULT 1440,
  document    text NOT NULL DEFAULT '',
  stalls      bigint NOT NULL DEFAULT 0,
  shape       geometry(Polygon, 4490) NOT NULL,
  PRIMARY KEY (district, key)
);

-- Unit grids that are no more, or had another shape: an id is never reused (GB/T 30428.1).
CREATE TABLE IF NOT EXISTS cell_past (
  district     text NOT NULL REFERENCES district ON DELETE CASCADE,
  grid         text NOT NULL,
  why          text NOT NULL CHECK (why IN ('gone', 'redrawn')),
  area_m2      double precision NOT NULL,
  initial_date date NOT NULL,
  end_date     date NOT NULL,
  retired_in   bigint NOT NULL,  -- the load's version
  shape        geometry(Polygon, 4490) NOT NULL,
  PRIMARY KEY (district, grid, retired_in)
);

-- The further attributes of GB/T 47678.5 table 2, and where a point came from.
ALTER TABLE component
  ADD COLUMN IF NOT EXISTS supervisor_name text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS owner_name text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS maintainer_name text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS grid text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS street text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS community text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS state text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS initial_date date,
  ADD COLUMN IF NOT EXISTS changed_date date,
  ADD COLUMN IF NOT EXISTS data_source text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS remark text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS crs text NOT NULL DEFAULT '',  -- as the file gave it; '' = CGCS2000
  ADD COLUMN IF NOT EXISTS source_x float8,
  ADD COLUMN IF NOT EXISTS source_y float8;

-- Every version of every part, as it stood after the load that changed it.
CREATE TABLE IF NOT EXISTS standing_version (
  district text NOT NULL REFERENCES district ON DELETE CASCADE,
  part     text NOT NULL,
  version  bigint NOT NULL,  -- of the district
  at       timestamptz NOT NULL DEFAULT now(),
  by_whom  text NOT NULL DEFAULT '',
  note     text NOT NULL DEFAULT '',
  content  jsonb NOT NULL,   -- key -> row
  PRIMARY KEY (district, part, version)
);

-- One part as it stands: an object of rows by key. Big parts (grids, components) by community and street, with a digest.
CREATE OR REPLACE FUNCTION standing_content(which text, wanted text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN coalesce(CASE wanted
    WHEN 'catalogue' THEN (
      SELECT jsonb_object_agg(c.standard || '/' || c.kind || '/' || c.code, to_jsonb(c) - 'district' || jsonb_build_object('conditions', (
        SELECT coalesce(jsonb_object_agg(f.id, to_jsonb(f) - '{district,standard,kind,code,id}'::text[] || jsonb_build_object('by_area', (
          SELECT coalesce(jsonb_object_agg(l.area_level, jsonb_build_object('clock', l.clock, 'minutes', l.minutes)), '{}')
          FROM condition_limit l WHERE (l.district, l.standard, l.kind, l.code, l.id) = (f.district, f.standard, f.kind, f.code, f.id)))), '{}')
        FROM condition f WHERE (f.district, f.standard, f.kind, f.code) = (c.district, c.standard, c.kind, c.code))))
      FROM category c WHERE c.district = which)
    WHEN 'closing' THEN (SELECT jsonb_object_agg(code, to_jsonb(x) - 'district') FROM closing_condition x WHERE district = which)
    WHEN 'crossmap' THEN (
      SELECT jsonb_object_agg(concat_ws('/', old_standard, old_kind, old_code, new_standard, new_kind, new_code), to_jsonb(kind))
      FROM cross_map WHERE district = which)
    WHEN 'rules' THEN (SELECT jsonb_object_agg(id, to_jsonb(x) - 'district') FROM route_rule x WHERE district = which)
    WHEN 'responsibility' THEN (SELECT jsonb_object_agg(id, to_jsonb(x) - '{district,seq}'::text[]) FROM responsibility x WHERE district = which)
    WHEN 'bodies' THEN (
      SELECT jsonb_object_agg(key, value) FROM (
        SELECT 'unit/' || key AS key, to_jsonb(x) - 'district' AS value FROM unit x WHERE district = which
        UNION ALL SELECT 'squad/' || key, to_jsonb(x) - 'district' FROM squad x WHERE district = which) b)
    WHEN 'shifts' THEN (
      SELECT jsonb_object_agg(key, value) FROM (
        SELECT 'shift/' || lpad(line::text, 6, '0') AS key, to_jsonb(x) - 'district' AS value FROM squad_shift x WHERE district = which
        UNION ALL SELECT 'absence/' || lpad(line::text, 6, '0'), to_jsonb(x) - 'district' FROM absence x WHERE district = which) b)
    WHEN 'duty' THEN (SELECT jsonb_object_agg(lpad(line::text, 6, '0'), to_jsonb(x) - 'district') FROM duty_line x WHERE district = which)
    WHEN 'areas' THEN (SELECT jsonb_object_agg(layer || '/' || code, to_jsonb(x) - 'district') FROM area x WHERE district = which)
    WHEN 'campaigns' THEN (SELECT jsonb_object_agg(key, to_jsonb(x) - 'district') FROM campaign x WHERE district = which)
    WHEN 'plans' THEN (SELECT jsonb_object_agg(key, to_jsonb(x) - 'district') FROM plan x WHERE district = which)
    WHEN 'managed' THEN (SELECT jsonb_object_agg(key, to_jsonb(x) - '{district,shape}'::text[] || jsonb_build_object('shape', md5(ST_AsBinary(shape)))) FROM managed_place x WHERE district = which)
    WHEN 'grids' THEN (
      SELECT jsonb_object_agg(community, value) FROM (
        SELECT community, jsonb_build_object('grids', count(*), 'm2', round(sum(area_m2)), 'digest', md5(string_agg(
          grid || area_level || coalesce(end_date::text, '') || md5(ST_AsBinary(shape)), '' ORDER BY grid))) AS value
        FROM cell WHERE district = which GROUP BY community) g)
    WHEN 'components' THEN (
      SELECT jsonb_object_agg(code, value) FROM (
        SELECT standard || '/' || code AS code, jsonb_build_object('components', count(*), 'digest', md5(string_agg(
          (to_jsonb(x) - '{district,place}'::text[])::text || ST_AsText(place), '' ORDER BY id))) AS value
        FROM component x WHERE district = which GROUP BY 1) c)
    END, '{}');
END $$;

-- What became of each key between two contents.
CREATE OR REPLACE FUNCTION standing_diff(before jsonb, after jsonb)
RETURNS TABLE (key text, change text, was jsonb, "is" jsonb) LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(b.key, a.key), CASE WHEN b.key IS NULL THEN 'added' WHEN a.key IS NULL THEN 'removed' ELSE 'changed' END, b.value, a.value
  FROM jsonb_each(before) b FULL JOIN jsonb_each(after) a ON a.key = b.key
  WHERE a.value IS DISTINCT FROM b.value
  ORDER BY 1
$$;

-- Which cells cannot be: crossing themselves, lying over another, or leaving a hole (by its nearest cell). m2 above 1 only.
CREATE OR REPLACE FUNCTION grid_faults(which text)
RETURNS TABLE (fault text, grid text, other text, detail text) LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY SELECT 'self_crossing'::text, c.grid, ''::text, ST_IsValidReason(c.shape)
    FROM cell c WHERE c.district = which AND NOT ST_IsValid(c.shape) ORDER BY c.grid;
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT 'overlap'::text, a.grid, b.grid, round(x.m2)::text FROM cell a JOIN cell b
      ON b.district = which AND b.grid > a.grid AND a.shape && b.shape AND ST_Relate(a.shape, b.shape, '2********')
      CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(a.shape, b.shape)::geography) AS m2) x
    WHERE a.district = which AND x.m2 > 1
      AND (a.end_date IS NULL OR a.end_date > current_date) AND (b.end_date IS NULL OR b.end_date > current_date)
    ORDER BY a.grid, b.grid;
  RETURN QUERY WITH whole AS (
      SELECT (ST_Dump(ST_Union(c.shape))).geom AS g FROM cell c
      WHERE c.district = which AND (c.end_date IS NULL OR c.end_date > current_date)),
    hole AS (SELECT ST_MakePolygon(ST_InteriorRingN(w.g, n)) AS h FROM whole w, generate_series(1, ST_NumInteriorRings(w.g)) n)
    SELECT 'gap'::text, (SELECT c.grid FROM cell c WHERE c.district = which ORDER BY c.shape <-> h.h, c.grid LIMIT 1),
      ''::text, round(ST_Area(h.h::geography))::text
    FROM hole h WHERE ST_Area(h.h::geography) > 1 ORDER BY 2;
END $$;

-- What a load replaces: a part, or everything but the district's own row. Children go first.
CREATE OR REPLACE FUNCTION clear_part(which text, part text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  CASE part
    WHEN 'catalogue' THEN
      DELETE FROM cross_map WHERE district = which;
      DELETE FROM closing_condition WHERE district = which;
      DELETE FROM condition WHERE district = which;
      DELETE FROM category WHERE district = which;
    WHEN 'rules' THEN DELETE FROM route_rule WHERE district = which;
    WHEN 'responsibility' THEN DELETE FROM responsibility WHERE district = which;
    WHEN 'shifts' THEN
      DELETE FROM squad_shift WHERE district = which;
      DELETE FROM absence WHERE district = which;
    WHEN 'duty' THEN DELETE FROM duty_line WHERE district = which;
    WHEN 'areas' THEN DELETE FROM area WHERE district = which;
    WHEN 'campaigns' THEN DELETE FROM campaign WHERE district = which;
    WHEN 'plans' THEN DELETE FROM plan WHERE district = which;
    WHEN 'managed' THEN DELETE FROM managed_place WHERE district = which;
    WHEN 'grids' THEN DELETE FROM cell WHERE district = which;
    WHEN 'components' THEN DELETE FROM component WHERE district = which;
    WHEN 'bodies' THEN
      DELETE FROM squad WHERE district = which;
      DELETE FROM unit WHERE district = which;
      DELETE FROM calendar_day WHERE district = which;
      DELETE FROM calendar WHERE district = which;
    WHEN 'places' THEN
      DELETE FROM community WHERE district = which;
      DELETE FROM street WHERE district = which;
  END CASE;
END $$;

COMMIT;
