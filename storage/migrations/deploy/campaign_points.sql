-- Deploy wangge:campaign_points to pg
-- requires: corrections
-- 专项 points: the places that a campaign wants looked at, and what the patrollers who went there found. The points are a column of the campaign
-- (one part of the standing data, with its versions); a visit is a record of a person beside cases, as a roll-call's answer is. Rows are only added.
-- Can be run again.

BEGIN;

ALTER TABLE campaign ADD COLUMN IF NOT EXISTS points text NOT NULL DEFAULT '';  -- a line a point: KEY LON LAT NAME

CREATE OR REPLACE FUNCTION campaign_points(lines text) RETURNS TABLE (place bigint, point text, lon float8, lat float8, name text) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT n, split_part(line, ' ', 1), split_part(line, ' ', 2)::float8, split_part(line, ' ', 3)::float8, regexp_replace(line, '^\S+ \S+ \S+ ?', '')
  FROM string_to_table(lines, chr(10)) WITH ORDINALITY t(line, n) WHERE line <> ''
$$;

CREATE TABLE IF NOT EXISTS campaign_visit (
  district   text NOT NULL,
  visit_id   uuid NOT NULL,           -- the device's: a visit that is sent twice is one
  campaign   text NOT NULL,
  point      text NOT NULL,
  person     text NOT NULL CHECK (person <> ''),
  at         timestamptz NOT NULL,    -- the door's receipt; it decides the order
  device_at  timestamptz,             -- what the device said; kept, never used for order (RULINGS 7)
  lon        float8 CHECK (lon BETWEEN -180 AND 180),
  lat        float8 CHECK (lat BETWEEN -90 AND 90),
  accuracy_m float8 CHECK (accuracy_m >= 0),
  metres     float8,                  -- from the point; null: no place was given
  result     text NOT NULL CHECK (result IN ('clean', 'found', 'unable')),  -- nothing found, something found, could not be looked at
  checked    text[] NOT NULL DEFAULT '{}',  -- the lines of the checklist that were gone through, as they read then
  photos     text[] NOT NULL DEFAULT '{}',
  note       text NOT NULL DEFAULT '',
  PRIMARY KEY (district, visit_id),
  CHECK ((lon IS NULL) = (lat IS NULL))
);
CREATE INDEX IF NOT EXISTS campaign_visit_of_point ON campaign_visit (district, campaign, point, at);
CREATE INDEX IF NOT EXISTS campaign_visit_photos ON campaign_visit USING gin (photos);

COMMIT;
