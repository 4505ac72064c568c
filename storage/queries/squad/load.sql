-- Squads of the bodies, and whose people work for them.
SELECT key, unit, zh, en, lon, lat, contractor FROM squad WHERE district = $1
