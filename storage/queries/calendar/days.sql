-- Days that differ from Monday to Friday, and why.
SELECT calendar, day::text, works, note FROM calendar_day WHERE district = $1
