-- Deploy wangge:screens to pg
-- requires: sign_in, desk
-- What pages look back for: orders that were settled, and what a caller reported before. Can be run again.

BEGIN;

-- 督办 and 批示 that a word settled, by when it was given.
CREATE INDEX IF NOT EXISTS history_settled ON history (district, at DESC, case_no DESC, version DESC) WHERE action = 'judge_order';

-- A telephone number as it is compared: digits only, a mobile number without the country's code.
CREATE OR REPLACE FUNCTION phone_key(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT regexp_replace(regexp_replace($1, '[^0-9]', '', 'g'), '^(0086|86)(?=1[0-9]{10}$)', '') $$;
CREATE INDEX IF NOT EXISTS reporter_phone ON reporter (district, phone_key(phone)) WHERE phone <> '';
CREATE INDEX IF NOT EXISTS hotline_caller_phone ON hotline_caller (district, phone_key(phone)) WHERE phone <> '';

COMMIT;
