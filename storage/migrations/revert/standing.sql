-- Revert wangge:standing from pg

BEGIN;

DROP TABLE component, cell, route_rule, community, street, closing_condition, condition, category, duty_line, squad, unit,
  calendar_day, calendar, district;

COMMIT;
