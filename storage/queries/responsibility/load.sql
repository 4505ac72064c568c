-- The responsibility list, in the file's order.
SELECT id, standard, kind, code, condition, class_code, area, supervising, responsible, assisting, basis, document, from_day, to_day,
  pick
FROM responsibility WHERE district = $1 ORDER BY seq
