-- Revert wangge:rules from pg

BEGIN;

DROP FUNCTION clear_part(text, text);
DROP FUNCTION grid_faults(text);
DROP FUNCTION standing_diff(jsonb, jsonb);
DROP FUNCTION standing_content(text, text);
DROP TABLE standing_version, cell_past, managed_place, plan_switch, plan, campaign, area, absence, squad_shift, responsibility,
  desk_rule, cross_map, condition_limit;
ALTER TABLE component DROP COLUMN supervisor_name, DROP COLUMN owner_name, DROP COLUMN maintainer_name, DROP COLUMN grid,
  DROP COLUMN street, DROP COLUMN community, DROP COLUMN state, DROP COLUMN initial_date, DROP COLUMN changed_date,
  DROP COLUMN data_source, DROP COLUMN remark, DROP COLUMN crs, DROP COLUMN source_x, DROP COLUMN source_y;
DELETE FROM route_rule WHERE level = 'ordered' OR squad IS NULL;
ALTER TABLE route_rule DROP COLUMN community, DROP COLUMN area_level, DROP COLUMN source, DROP COLUMN campaign,
  DROP COLUMN from_day, DROP COLUMN to_day, DROP COLUMN weekdays, DROP COLUMN from_minute, DROP COLUMN to_minute,
  DROP COLUMN pick, DROP COLUMN document, ALTER COLUMN squad SET NOT NULL, DROP CONSTRAINT route_rule_level_check;
ALTER TABLE route_rule ADD CONSTRAINT route_rule_level_check CHECK (level IN (
  'component_maintainer', 'condition_in_grid', 'condition_in_street', 'class_in_district', 'territorial'));
ALTER TABLE closing_condition DROP COLUMN zh, DROP COLUMN en;
ALTER TABLE condition DROP COLUMN thresholds, DROP COLUMN closing;
ALTER TABLE category DROP COLUMN photos_least, DROP COLUMN photo_rule_zh, DROP COLUMN photo_rule_en,
  DROP COLUMN do_not_report_zh, DROP COLUMN do_not_report_en;
ALTER TABLE duty_line DROP COLUMN duty_grid, DROP COLUMN from_day, DROP COLUMN to_day, DROP COLUMN weekdays;
ALTER TABLE squad DROP COLUMN lon, DROP COLUMN lat;
ALTER TABLE unit DROP COLUMN parent;
DROP INDEX cases_desk, cases_third_return, cases_campaign;
ALTER TABLE cases DROP COLUMN area_level, DROP COLUMN catalogue_version, DROP COLUMN campaign, DROP COLUMN flags;

COMMIT;
