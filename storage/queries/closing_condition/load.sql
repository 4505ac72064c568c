-- Codes a case may be closed with, and their names.
SELECT code, zh, en FROM closing_condition WHERE district = $1 ORDER BY seq
