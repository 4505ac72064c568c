-- Takes the armed clocks and what belongs to them away again. For empty databases and tests only.
BEGIN;
ALTER TABLE calendar_day DROP COLUMN note;
DROP TABLE calendar_season, escalation, timer;
ALTER TABLE cases DROP COLUMN run_from, DROP COLUMN run_left_ms, DROP COLUMN milestone, DROP COLUMN milestone_due_at,
  DROP COLUMN orders, DROP COLUMN late_milestones, DROP COLUMN checked_lon, DROP COLUMN checked_lat, DROP COLUMN blind;
ALTER TABLE squad DROP COLUMN contractor;
COMMIT;
