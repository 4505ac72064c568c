-- Deploy wangge:upstream to pg
-- requires: clocks
-- What comes from above: cases of an upper platform with its number, deadline and word; hotline orders as records of their own
-- (RULINGS 18, 19). The city's switches as a versioned part; problems that are checked at their hour. Can be run again.

BEGIN;

ALTER TABLE cases
  ADD COLUMN IF NOT EXISTS upstream_system text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS upstream_number text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS upstream_due_at timestamptz,
  ADD COLUMN IF NOT EXISTS upstream_done_at timestamptz,
  DROP CONSTRAINT IF EXISTS known_state;
ALTER TABLE cases ADD CONSTRAINT known_state CHECK (state IN (
    'reported', 'verifying', 'pending_accept', 'pending_file', 'pending_dispatch', 'returned_by_dispatch',
    'pending_dispose', 'returned_by_unit', 'disposing', 'suspended', 'in_enforcement', 'disposed',
    'pending_review', 'checking', 'pending_close', 'awaiting_upstream', 'closed', 'forced_closed', 'not_accepted', 'not_filed',
    'voided', 'self_disposed_review', 'self_disposed_closed', 'merged', 'transferred_out'));

ALTER TABLE category ADD COLUMN IF NOT EXISTS same_period boolean NOT NULL DEFAULT false;

ALTER TABLE timer DROP CONSTRAINT IF EXISTS timer_clock_check;
ALTER TABLE timer ADD CONSTRAINT timer_clock_check CHECK (clock IN ('disposal', 'stage', 'milestone', 'order', 'hotline'));

-- One row an order, the fold of its history; order_no is the hotline and its number there.
CREATE TABLE IF NOT EXISTS hotline_order (
  district text NOT NULL,
  order_no text NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  state text NOT NULL CHECK (state IN ('received', 'handling', 'sent_back', 'replying', 'replied', 'returned', 'closed')),
  opened_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  backdated boolean NOT NULL,
  system text NOT NULL,
  number text NOT NULL,
  text text NOT NULL,
  address text NOT NULL,
  unit text NOT NULL,
  cases text[] NOT NULL,
  sign_by timestamptz,
  return_by timestamptz,
  due_at timestamptz NOT NULL,
  warn_at timestamptz,
  signed_at timestamptz,
  replied_at timestamptz,
  closed_at timestamptz,
  late_sign boolean NOT NULL,
  late boolean NOT NULL,
  extension_until timestamptz,
  extensions bigint NOT NULL,
  reply text NOT NULL,
  reply_by text NOT NULL,
  signed_off_by text NOT NULL,
  satisfaction text NOT NULL,
  redone bigint NOT NULL,
  sent_back bigint NOT NULL,
  PRIMARY KEY (district, order_no),
  CONSTRAINT order_of_its_hotline CHECK (order_no = system || ':' || number),
  CONSTRAINT order_ended_exactly_when_closed_at CHECK ((closed_at IS NOT NULL) = (state IN ('returned', 'closed')))
);
CREATE INDEX IF NOT EXISTS hotline_order_opened ON hotline_order (district, opened_at, order_no);
CREATE INDEX IF NOT EXISTS hotline_order_open ON hotline_order (district, due_at, order_no) WHERE closed_at IS NULL;
CREATE INDEX IF NOT EXISTS hotline_order_cases ON hotline_order USING gin (cases);

-- Who called: personal data, apart, never in history or lists.
CREATE TABLE IF NOT EXISTS hotline_caller (
  district text NOT NULL,
  order_no text NOT NULL,
  name text NOT NULL,
  phone text NOT NULL,
  PRIMARY KEY (district, order_no)
);

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
    WHEN 'policy' THEN (SELECT policy FROM district WHERE code = which)
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

COMMIT;
