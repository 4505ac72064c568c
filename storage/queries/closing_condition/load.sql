-- Codes a case may be closed with.
SELECT code FROM closing_condition WHERE district = $1 ORDER BY seq
