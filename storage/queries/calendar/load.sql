-- The bodies' calendars.
SELECT key, sessions::text, first_day::text, last_day::text FROM calendar WHERE district = $1
