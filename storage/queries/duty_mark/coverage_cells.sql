-- The cells behind the numbers of a day's coverage, with every trace in them. $1-$5 as in patrol_day.sql, $6 'true', 'false' or '': walked
-- or not, $7 a street's or community's code, or '', $8 'true': due cells only, 'false': those without a duty, $9 the last one seen.
/*include parts/patrol_day.sql*/
, cells AS (SELECT grid FROM due UNION SELECT grid FROM trace)
SELECT json_build_object('grid', c.grid, 'street', left(c.grid, 9), 'street_zh', s.zh, 'street_en', s.en, 'community', left(c.grid, 12), 'community_zh', m.zh,
  'community_en', m.en, 'due', o.people, 'walked', v.traces IS NOT NULL, 'traces', coalesce(v.traces, '[]'))::text, c.grid
FROM (SELECT grid FROM cells WHERE grid > $9 AND ($7 = '' OR grid LIKE $7 || '%')
        AND ($6 = '' OR ($6 = 'true') = EXISTS (SELECT FROM trace t WHERE t.grid = cells.grid))
        AND ($8 = '' OR ($8 = 'true') = EXISTS (SELECT FROM due d WHERE d.grid = cells.grid))
      ORDER BY grid LIMIT $10::int) c
  LEFT JOIN street s ON s.district = $1 AND s.code = left(c.grid, 9)
  LEFT JOIN community m ON m.district = $1 AND m.code = left(c.grid, 12),
  LATERAL (SELECT coalesce(json_agg(DISTINCT d.person), '[]') AS people FROM due d WHERE d.grid = c.grid) o,
  LATERAL (SELECT json_agg(json_build_object('person', t.person, 'at', rfc3339(t.at, day.minutes), 'kind', t.kind, 'case_no', nullif(t.case_no, ''))
                           ORDER BY t.at, t.person) AS traces FROM trace t, day WHERE t.grid = c.grid) v
ORDER BY c.grid
