-- Limits of filing conditions in cells of some level.
SELECT standard, kind, code, id, area_level, clock, minutes FROM condition_limit WHERE district = $1
ORDER BY standard, kind, code, id, area_level
