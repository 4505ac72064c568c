-- The prices by which contracted patrols are settled.
SELECT id, zh, en, contractor, kind, item, less, price, free, bound, most, document, from_day, to_day FROM settlement_tariff
WHERE district = $1 ORDER BY seq
