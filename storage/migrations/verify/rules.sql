-- Everything of the change is there and answers.
BEGIN;
SELECT area_level, catalogue_version, campaign, flags FROM cases WHERE false;
SELECT thresholds, closing FROM condition WHERE false;
SELECT squad, from_day, pick, document FROM route_rule WHERE false;
SELECT 1 FROM condition_limit, cross_map, desk_rule, responsibility, squad_shift, absence, area, campaign, plan, plan_switch,
  managed_place, cell_past, standing_version WHERE false;
SELECT 1 / (standing_content('', 'rules') = '{}')::int;
SELECT * FROM standing_diff('{}', '{}');
SELECT * FROM grid_faults('');
ROLLBACK;
