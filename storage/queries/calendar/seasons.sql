-- Other sessions from a day on.
SELECT calendar, first_day::text, sessions::text FROM calendar_season WHERE district = $1
