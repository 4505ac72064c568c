-- Coverage of a day by region: a cell counts once, whoever walks it. $1-$5 as in patrol_day.sql, $6 street | community | district, $7 the last one seen.
/*include parts/patrol_day.sql*/
, walked AS (SELECT grid, count(*) FILTER (WHERE kind = 'report') AS reports FROM trace GROUP BY grid),
cell_due AS (SELECT d.grid, count(DISTINCT d.person) AS people FROM due d GROUP BY d.grid),
region AS (
  SELECT k.key, count(c.people) AS due, count(*) FILTER (WHERE c.people IS NOT NULL AND w.grid IS NOT NULL) AS walked,
    count(*) FILTER (WHERE c.people IS NULL) AS elsewhere, coalesce(sum(w.reports), 0) AS reports
  FROM cell_due c FULL JOIN walked w USING (grid),
    LATERAL (SELECT CASE $6 WHEN 'street' THEN left(grid, 9) WHEN 'community' THEN left(grid, 12) ELSE $1 END AS key) k
  GROUP BY k.key
)
SELECT json_build_object('key', r.key, 'day', day.day, 'zh', coalesce(s.zh, m.zh, d.zh, r.key), 'en', coalesce(s.en, m.en, d.en, r.key), 'cells_due', r.due,
  'cells_walked', r.walked, 'coverage', CASE WHEN r.due > 0 THEN round(100.0 * r.walked / r.due, 2) END, 'cells_elsewhere', r.elsewhere, 'reports', r.reports)::text, r.key
FROM region r
  LEFT JOIN street s ON $6 = 'street' AND s.district = $1 AND s.code = r.key
  LEFT JOIN community m ON $6 = 'community' AND m.district = $1 AND m.code = r.key
  LEFT JOIN district d ON $6 = 'district' AND d.code = r.key, day
WHERE r.key > $7 ORDER BY r.key LIMIT $8::int
