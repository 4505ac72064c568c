-- A month is listed, true for its T and for what this transaction sees.
INSERT INTO list_month (district, month, read_at, cases, seen, cluster)
SELECT district, month, read_at, $3::int, pg_current_snapshot(), (SELECT system_identifier FROM pg_control_system()) FROM figure_month WHERE district = $1 AND month = $2::int
