-- Words on the patterns of a period, the newest last. Uses suspicion_look_period.
SELECT pattern, checker, squad, by_whom, rfc3339(at, coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480)), verdict, note
FROM suspicion_look WHERE district = $1 AND from_at = instant($2::bigint) AND to_at = instant($3::bigint) ORDER BY look
