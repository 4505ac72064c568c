-- Squads that are away, and who stands in.
SELECT squad, millis(from_at), millis(to_at), stand_in, reason FROM absence WHERE district = $1 ORDER BY line
