-- Units by key.
SELECT coalesce(json_agg(json_build_object('key', key, 'name', zh, 'zh', zh, 'en', en, 'calendar', nullif(calendar, '')) ORDER BY key), '[]')::text
FROM unit WHERE district = $1
