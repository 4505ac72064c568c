-- Units by key with their way from the root, at any depth, page by page. A ring of parents ends where it began.
SELECT json_build_object('key', u.key, 'name', u.zh, 'zh', u.zh, 'en', u.en, 'calendar', nullif(u.calendar, ''),
  'parent', nullif(u.parent, ''), 'path', (
    WITH RECURSIVE up AS (
      SELECT u.key AS key, u.parent AS parent, u.zh AS zh, 1 AS depth, ARRAY[u.key] AS seen
      UNION ALL SELECT p.key, p.parent, p.zh, up.depth + 1, up.seen || p.key FROM up
      JOIN unit p ON p.district = u.district AND p.key = up.parent WHERE p.key <> ALL (up.seen))
    SELECT string_agg(zh, ' / ' ORDER BY depth DESC) FROM up))::text, u.key
FROM unit u WHERE u.district = $1 AND u.key > $2 ORDER BY u.key LIMIT $3::int
