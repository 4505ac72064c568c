-- Disposing bodies.
SELECT key, zh, en, calendar, parent FROM unit WHERE district = $1
