-- Squads by key, with their unit.
SELECT coalesce(json_agg(json_build_object('key', key, 'unit', unit, 'name', zh, 'zh', zh, 'en', en) ORDER BY key), '[]')::text
FROM squad WHERE district = $1
