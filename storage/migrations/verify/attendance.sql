-- Verify wangge:attendance on pg

BEGIN;

SELECT mark_id, person, on_duty, at, device_at, lon, lat, accuracy_m, grid FROM duty_mark WHERE false;
SELECT roll_call_id, called_by, role, street, note, at, answer_by FROM roll_call WHERE false;
SELECT person, answered_at, device_at, lon, lat, accuracy_m, grid, in_duty_grid, photo, note FROM roll_answer WHERE false;
SELECT cell_at('', 0, 0);
SELECT FROM duty_lines_of('', '', now(), true);

ROLLBACK;
