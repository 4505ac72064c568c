-- Deploy wangge:supervision to pg
-- requires: published
-- What the pages of supervision and management read and write: waiting requests and orders by an index, who looked at a suspicious
-- pattern, calendars as a part of their own, rosters whose rows keep their key when another row goes. Can be run again.

BEGIN;

CREATE INDEX IF NOT EXISTS cases_orders ON cases (district, case_no) WHERE orders <> '';
CREATE INDEX IF NOT EXISTS cases_requests ON cases (district, case_no) WHERE requests <> '';

-- A supervisor's word on a pattern of a period; append-only, the newest speaks.
CREATE TABLE IF NOT EXISTS suspicion_look (
  district text NOT NULL,
  look     bigint GENERATED ALWAYS AS IDENTITY,
  pattern  text NOT NULL,
  checker  text NOT NULL,
  squad    text NOT NULL,
  from_at  timestamptz NOT NULL,
  to_at    timestamptz NOT NULL,
  by_whom  text NOT NULL,
  at       timestamptz NOT NULL DEFAULT now(),
  verdict  text NOT NULL CHECK (verdict IN ('looking', 'founded', 'unfounded')),
  note     text NOT NULL,
  PRIMARY KEY (district, look)
);
CREATE INDEX IF NOT EXISTS suspicion_look_period ON suspicion_look (district, from_at, to_at);

-- Parts as they stand, like standing_content. A roster's row is called by what it says, not by its line: a line that goes must not
-- make every line below it look changed.
CREATE OR REPLACE FUNCTION managed_content(which text, wanted text) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(CASE wanted
    WHEN 'calendars' THEN (
      SELECT jsonb_object_agg(key, value) FROM (
        SELECT 'calendar/' || key AS key, to_jsonb(x) - 'district' AS value FROM calendar x WHERE district = which
        UNION ALL SELECT 'day/' || calendar || '/' || day, jsonb_build_object('works', works, 'note', note) FROM calendar_day WHERE district = which
        UNION ALL SELECT 'season/' || calendar || '/' || first_day, jsonb_build_object('sessions', sessions) FROM calendar_season WHERE district = which) c)
    WHEN 'duty' THEN (
      SELECT jsonb_object_agg(name || CASE WHEN n > 1 THEN '#' || n ELSE '' END, value) FROM (
        SELECT name, value, row_number() OVER (PARTITION BY name ORDER BY value::text) AS n FROM (
          SELECT concat_ws('/', patroller, coalesce(nullif(duty_grid, ''), nullif(grid, ''), nullif(community, ''), nullif(street, '')),
                           from_day, lpad((from_minute / 60)::text, 2, '0') || ':' || lpad((from_minute % 60)::text, 2, '0')) AS name,
                 to_jsonb(x) - '{district,line}'::text[] AS value
          FROM duty_line x WHERE district = which) l) d)
    WHEN 'shifts' THEN (
      SELECT jsonb_object_agg(name || CASE WHEN n > 1 THEN '#' || n ELSE '' END, value) FROM (
        SELECT name, value, row_number() OVER (PARTITION BY name ORDER BY value::text) AS n FROM (
          SELECT concat_ws('/', 'shift', squad, coalesce(nullif(grid, ''), nullif(community, ''), nullif(street, '')), from_day,
                           lpad((from_minute / 60)::text, 2, '0') || ':' || lpad((from_minute % 60)::text, 2, '0')) AS name,
                 to_jsonb(x) - '{district,line}'::text[] AS value
          FROM squad_shift x WHERE district = which
          UNION ALL SELECT concat_ws('/', 'absence', squad, from_at::date), to_jsonb(a) - '{district,line}'::text[] FROM absence a WHERE district = which) l) s)
    END, '{}')
$$;

-- Calendars and bodies go apart. Rules hang on units: who clears the units writes the rules anew in the same transaction.
CREATE OR REPLACE FUNCTION clear_managed(which text, part text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  CASE part
    WHEN 'calendars' THEN DELETE FROM calendar WHERE district = which;
    WHEN 'bodies' THEN
      DELETE FROM squad WHERE district = which;
      DELETE FROM unit WHERE district = which;
  END CASE;
END $$;

COMMIT;
