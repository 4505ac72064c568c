-- Squads of the bodies.
SELECT key, unit, zh, en FROM squad WHERE district = $1
