-- Filing conditions with their limits, each category's default first.
SELECT standard, kind, code, id, zh, en, clock, minutes, thresholds, closing FROM condition WHERE district = $1
ORDER BY standard, kind, code, seq
