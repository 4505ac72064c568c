-- Disposing bodies.
SELECT key, zh, en, calendar FROM unit WHERE district = $1
