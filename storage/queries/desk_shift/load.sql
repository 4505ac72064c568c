-- When the center's shifts begin, the district's offset from UTC, and since when it has people; one row at least.
SELECT s.minute, s.zh, s.en, coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480),
       millis(coalesce((SELECT min(created_at) FROM token WHERE district = $1), now()))
FROM (SELECT 1) one LEFT JOIN desk_shift s ON s.district = $1
ORDER BY s.minute
