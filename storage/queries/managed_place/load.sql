-- Managed places and control areas.
SELECT key, kind, zh, en, allowed, from_day, to_day, weekdays, from_minute, to_minute, document, stalls,
  encode(ST_AsBinary(shape, 'NDR'), 'hex')
FROM managed_place WHERE district = $1 ORDER BY key
