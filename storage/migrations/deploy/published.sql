-- Deploy wangge:published to pg
-- requires: clocks
-- What is published of a month: schemes of evaluation with their groups, weights, bands and deductions, and the tariffs by
-- which contracted patrols are settled: both versioned with the standing data and dated by months. And where appeals wait.
-- Can be run again.

BEGIN;

CREATE TABLE IF NOT EXISTS evaluation_scheme (
  district text NOT NULL REFERENCES district ON DELETE CASCADE,
  seq      integer NOT NULL,
  id       text NOT NULL CHECK (id <> ''),
  object   text NOT NULL CHECK (object <> ''),  -- what it is asked for by
  zh       text NOT NULL,
  en       text NOT NULL,
  by       text NOT NULL,
  post     text NOT NULL DEFAULT '',
  from_day date,
  to_day   date,
  document text NOT NULL DEFAULT '',
  PRIMARY KEY (district, id),
  CHECK (from_day < to_day)
);
CREATE TABLE IF NOT EXISTS evaluation_group (
  district text NOT NULL,
  scheme   text NOT NULL,
  seq      integer NOT NULL,
  id       text NOT NULL CHECK (id <> ''),
  zh       text NOT NULL,
  en       text NOT NULL,
  members  text NOT NULL,  -- keys by spaces; *: everybody else
  PRIMARY KEY (district, scheme, id),
  FOREIGN KEY (district, scheme) REFERENCES evaluation_scheme ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS evaluation_part (
  district  text NOT NULL,
  scheme    text NOT NULL,
  seq       integer NOT NULL,
  grp       text NOT NULL DEFAULT '',  -- '': every group without parts of its own
  indicator text NOT NULL,
  weight    bigint NOT NULL CHECK (weight BETWEEN 1 AND 100),
  kind      text NOT NULL CHECK (kind IN ('rate', 'inverse', 'bands')),
  bands     text NOT NULL DEFAULT '',  -- "0:100;51:90": from that value on, points
  PRIMARY KEY (district, scheme, grp, indicator),
  FOREIGN KEY (district, scheme) REFERENCES evaluation_scheme ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS evaluation_deduction (
  district   text NOT NULL,
  scheme     text NOT NULL,
  seq        integer NOT NULL,
  grp        text NOT NULL DEFAULT '',
  indicator  text NOT NULL,
  hundredths bigint NOT NULL,
  free       bigint NOT NULL CHECK (free >= 0),
  most       bigint NOT NULL CHECK (most >= 0),
  PRIMARY KEY (district, scheme, seq),
  FOREIGN KEY (district, scheme) REFERENCES evaluation_scheme ON DELETE CASCADE
);

-- Money in hundredths.
CREATE TABLE IF NOT EXISTS settlement_tariff (
  district   text NOT NULL REFERENCES district ON DELETE CASCADE,
  seq        integer NOT NULL,
  id         text NOT NULL CHECK (id <> ''),
  zh         text NOT NULL,
  en         text NOT NULL,
  contractor text NOT NULL DEFAULT '',  -- '': every company
  kind       text NOT NULL CHECK (kind IN ('each', 'monthly', 'below')),
  item       text NOT NULL DEFAULT '',
  less       text NOT NULL DEFAULT '',
  price      bigint NOT NULL CHECK (price <> 0),
  free       bigint NOT NULL CHECK (free >= 0),
  bound      bigint NOT NULL CHECK (bound >= 0),
  most       bigint NOT NULL CHECK (most >= 0),
  document   text NOT NULL DEFAULT '',
  from_day   date,
  to_day     date,
  PRIMARY KEY (district, id),
  CHECK (from_day < to_day)
);

-- Closed cases whose appeal nobody has decided (the request's kind stands between two unit separators).
CREATE INDEX IF NOT EXISTS cases_appealed ON cases (district, case_no)
  WHERE requests LIKE '%' || chr(31) || 'appeal' || chr(31) || '%';

-- A unit with all those above it; a ring of parents ends where it began.
CREATE OR REPLACE FUNCTION unit_above(which text, from_unit text) RETURNS text[] LANGUAGE sql STABLE AS $$
  WITH RECURSIVE up AS (
    SELECT key, parent, ARRAY[key] AS path FROM unit WHERE district = which AND key = from_unit
    UNION ALL
    SELECT u.key, u.parent, up.path || u.key FROM up JOIN unit u ON u.district = which AND u.key = up.parent WHERE NOT u.key = ANY (up.path)
  )
  SELECT coalesce((SELECT path FROM up ORDER BY cardinality(path) DESC LIMIT 1), '{}')
$$;

-- The two parts as they stand, like standing_content: an object of rows by key.
CREATE OR REPLACE FUNCTION published_content(which text, wanted text) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(CASE wanted
    WHEN 'evaluation' THEN (
      SELECT jsonb_object_agg(s.id, to_jsonb(s) - '{district,seq}'::text[] || jsonb_build_object(
        'groups', (SELECT coalesce(jsonb_object_agg(g.id, to_jsonb(g) - '{district,scheme,seq,id}'::text[]), '{}')
                   FROM evaluation_group g WHERE (g.district, g.scheme) = (s.district, s.id)),
        'parts', (SELECT coalesce(jsonb_object_agg(concat_ws('/', nullif(p.grp, ''), p.indicator), to_jsonb(p) - '{district,scheme,seq,grp,indicator}'::text[]), '{}')
                  FROM evaluation_part p WHERE (p.district, p.scheme) = (s.district, s.id)),
        'deductions', (SELECT coalesce(jsonb_object_agg(lpad(d.seq::text, 4, '0'), to_jsonb(d) - '{district,scheme,seq}'::text[]), '{}')
                       FROM evaluation_deduction d WHERE (d.district, d.scheme) = (s.district, s.id))))
      FROM evaluation_scheme s WHERE s.district = which)
    WHEN 'settlement' THEN (
      SELECT jsonb_object_agg(t.id, to_jsonb(t) - '{district,seq}'::text[]) FROM settlement_tariff t WHERE t.district = which)
    END, '{}')
$$;

CREATE OR REPLACE FUNCTION clear_published(which text, part text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  CASE part
    WHEN 'evaluation' THEN DELETE FROM evaluation_scheme WHERE district = which;
    WHEN 'settlement' THEN DELETE FROM settlement_tariff WHERE district = which;
  END CASE;
END $$;

COMMIT;
