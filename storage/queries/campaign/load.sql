-- Campaigns, in the file's order.
SELECT key, zh, en, categories, areas, sources, from_day, to_day, quota, counted, checklist, points FROM campaign WHERE district = $1 ORDER BY seq
