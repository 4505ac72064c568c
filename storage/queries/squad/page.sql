-- Squads by key, with their unit, page by page.
SELECT json_build_object('key', key, 'unit', unit, 'name', zh, 'zh', zh, 'en', en)::text, key
FROM squad WHERE district = $1 AND key > $2 ORDER BY key LIMIT $3::int
