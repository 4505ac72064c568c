-- Units by key, page by page.
SELECT json_build_object('key', key, 'name', zh, 'zh', zh, 'en', en, 'calendar', nullif(calendar, ''))::text, key
FROM unit WHERE district = $1 AND key > $2 ORDER BY key LIMIT $3::int
