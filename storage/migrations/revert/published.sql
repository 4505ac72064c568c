-- Revert wangge:published from pg

BEGIN;

DROP FUNCTION unit_above(text, text);
DROP FUNCTION clear_published(text, text);
DROP FUNCTION published_content(text, text);
DROP INDEX cases_appealed;
DROP TABLE settlement_tariff, evaluation_deduction, evaluation_part, evaluation_group, evaluation_scheme;
DELETE FROM standing_version WHERE part IN ('evaluation', 'settlement');

COMMIT;
