-- Revert wangge:standing from pg

BEGIN;

DROP FUNCTION clear_standing(text);
DROP TABLE component, cell, route_rule, community, street, closing_condition, condition, category, duty_line, squad, unit,
  calendar_day, calendar, district;

COMMIT;
