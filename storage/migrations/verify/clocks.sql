-- The tables and columns can be read.
BEGIN;
SELECT run_from, run_left_ms, milestone, milestone_due_at, orders, late_milestones, checked_lon, checked_lat, blind FROM cases WHERE false;
SELECT district, case_no, clock, due_at, step, fire_at FROM timer WHERE false;
SELECT district, case_no, clock, due_at, step, told, unit, fired_at, acknowledged_at, acknowledged_by, ended_at FROM escalation WHERE false;
SELECT district, calendar, first_day, sessions FROM calendar_season WHERE false;
SELECT note FROM calendar_day WHERE false;
SELECT contractor FROM squad WHERE false;
ROLLBACK;
