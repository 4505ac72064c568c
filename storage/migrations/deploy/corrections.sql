-- Deploy wangge:corrections to pg
-- requires: desk
-- A sealed month keeps its digits when one of its cases is amended: what the case counted as is read from its flags (DECISIONS 155).
-- Can be run again.

BEGIN;

-- What a case counted as in a month that was sealed before it was amended: counted_as, month, street, community, grid, class, code. NULL: as it is.
CREATE OR REPLACE FUNCTION counted_as(flags text[], month text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_to_array(f, ':') FROM unnest(flags) f
  WHERE f LIKE 'counted\_as:%' AND split_part(f, ':', 2) >= month ORDER BY split_part(f, ':', 2) LIMIT 1
$$;

-- The local month of the last moment before `behind`.
CREATE OR REPLACE FUNCTION last_month(which text, behind timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT to_char((behind - interval '1 millisecond') AT TIME ZONE 'UTC'
    + make_interval(mins => coalesce((SELECT utc_offset_minutes FROM district WHERE code = which), 480)), 'YYYY-MM')
$$;

-- Cases that were changed after a month they count in was sealed.
CREATE INDEX IF NOT EXISTS cases_corrected ON cases (district, case_no) WHERE 'corrected' = ANY (flags);

COMMIT;
