-- Squads of the bodies.
SELECT key, unit, zh, en, lon, lat FROM squad WHERE district = $1
