-- Days that differ from Monday to Friday.
SELECT calendar, day::text, works FROM calendar_day WHERE district = $1
