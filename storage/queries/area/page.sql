-- Areas of all layers with their way from the root, at any depth, page by page. A ring of parents ends where it began.
SELECT json_build_object('layer', a.layer, 'code', a.code, 'parent', nullif(a.parent, ''), 'name', a.zh, 'zh', a.zh, 'en', a.en,
  'path', (
    WITH RECURSIVE up AS (
      SELECT a.code AS code, a.parent AS parent, a.zh AS zh, 1 AS depth, ARRAY[a.code] AS seen
      UNION ALL SELECT p.code, p.parent, p.zh, up.depth + 1, up.seen || p.code FROM up
      JOIN area p ON p.district = a.district AND p.layer = a.layer AND p.code = up.parent WHERE p.code <> ALL (up.seen))
    SELECT string_agg(zh, ' / ' ORDER BY depth DESC) FROM up), 'grids', a.grids)::text, a.layer, a.code
FROM area a WHERE a.district = $1 AND (a.layer, a.code) > ($2, $3) ORDER BY a.layer, a.code LIMIT $4::int
