-- Points of campaigns with the visits to them. $2 a patroller: those in his roster lines of today, of campaigns that run, with his own visits alone ('' = who
-- looks after them: all, with every visit); $3 now; $4 'open': not looked at yet, 'done', '' both; $5 one campaign ('' = all); $6, $7 the last one seen.
SELECT json_build_object('campaign', g.key, 'campaign_name', g.zh, 'campaign_name_en', g.en, 'to', to_char(g.to_day - 1, 'YYYY-MM-DD'), 'runs', z.today >= g.from_day AND z.today < g.to_day,
  'checklist', coalesce(string_to_array(nullif(g.checklist, ''), chr(10)), '{}'),
  'point', p.point, 'name', p.name, 'lon', p.lon, 'lat', p.lat, 'grid', nullif(k.grid, ''), 'street', k.street, 'done', v.done,
  'visits', v.visits)::text, g.key, lpad(p.place::text, 6, '0')
FROM (SELECT minutes, (instant($3::bigint) AT TIME ZONE 'UTC' + make_interval(mins => minutes))::date AS today
      FROM (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) d) z,
  campaign g, campaign_points(g.points) p,
  LATERAL (SELECT coalesce(bool_or(w.result <> 'unable'), false) AS done,
      coalesce(json_agg(json_build_object('visit_id', w.visit_id, 'person', w.person, 'at', rfc3339(w.at, z.minutes), 'device_at', rfc3339(w.device_at, z.minutes),
        'result', w.result, 'metres', round(w.metres), 'accuracy_m', w.accuracy_m, 'checked', w.checked, 'photos', w.photos, 'note', w.note) ORDER BY w.at, w.visit_id)
        FILTER (WHERE $2 = '' OR w.person = $2), '[]') AS visits
    FROM campaign_visit w WHERE w.district = $1 AND w.campaign = g.key AND w.point = p.point) v,
  LATERAL (SELECT c.grid, c.street FROM (SELECT cell_at($1, p.lon, p.lat) AS grid) a LEFT JOIN cell c ON c.district = $1 AND c.grid = a.grid) k
WHERE g.district = $1 AND ($5 = '' OR g.key = $5) AND ($4 = '' OR v.done = ($4 = 'done'))
  AND ($2 = '' OR (z.today >= g.from_day AND z.today < g.to_day
    AND EXISTS (SELECT FROM duty_lines_of($1, $2, instant($3::bigint), false) l JOIN cell c ON c.district = $1 AND c.grid = k.grid WHERE duty_line_holds(l, c))))
  AND (g.key, lpad(p.place::text, 6, '0')) > ($6, $7)
ORDER BY g.key, 3
LIMIT $8::int
