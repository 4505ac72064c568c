-- Verify wangge:published on pg

BEGIN;

SELECT id, object, by, post, from_day, to_day FROM evaluation_scheme WHERE false;
SELECT id, members FROM evaluation_group WHERE false;
SELECT grp, indicator, weight, kind, bands FROM evaluation_part WHERE false;
SELECT indicator, hundredths, free, most FROM evaluation_deduction WHERE false;
SELECT id, contractor, kind, item, less, price, free, bound, most FROM settlement_tariff WHERE false;
SELECT unit_above('', '');
SELECT published_content('', 'evaluation'), published_content('', 'settlement');
SELECT 1 / count(*) FROM pg_indexes WHERE indexname = 'cases_appealed';

ROLLBACK;
