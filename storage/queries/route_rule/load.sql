-- The city's rules, in the file's order.
SELECT id, level, maintainer, standard, kind, code, condition, class_code, grid, community, street, area_level, source, campaign,
  from_day, to_day, weekdays, from_minute, to_minute, unit, coalesce(squad, ''), pick, document
FROM route_rule WHERE district = $1 ORDER BY seq, id
