-- Verify wangge:standing on pg

BEGIN;

SELECT code, zh, en, exchange_code, utc_offset_minutes, policy, version, fingerprint, loaded_at FROM district WHERE false;
SELECT district, key, sessions, first_day, last_day FROM calendar WHERE false;
SELECT district, calendar, day, works FROM calendar_day WHERE false;
SELECT district, key, zh, en, calendar FROM unit WHERE false;
SELECT district, key, unit, zh, en FROM squad WHERE false;
SELECT district, line, patroller, unit, street, community, grid, from_minute, to_minute FROM duty_line WHERE false;
SELECT district, standard, kind, code, class_code, zh, en, class_zh, class_en, valid_from, valid_to FROM category WHERE false;
SELECT district, standard, kind, code, id, seq, zh, en, clock, minutes FROM condition WHERE false;
SELECT district, seq, code FROM closing_condition WHERE false;
SELECT district, code, zh, en FROM street WHERE false;
SELECT district, code, street, zh, en FROM community WHERE false;
SELECT district, id, seq, level, maintainer, standard, kind, code, condition, class_code, grid, street, unit, squad
  FROM route_rule WHERE false;
SELECT district, grid, street, community, exchange_code, area_m2, area_level, initial_date, end_date, shape FROM cell WHERE false;
SELECT district, id, standard, code, zh, en, maintainer, owner, supervisor, place FROM component WHERE false;
SELECT clear_standing('');

ROLLBACK;
