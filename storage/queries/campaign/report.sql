-- Each campaign with what came of it. Uses cases_campaign.
SELECT json_build_object('key', g.key, 'name', g.zh, 'zh', g.zh, 'en', g.en, 'from', g.from_day, 'to', g.to_day, 'counted', g.counted,
  'quota', nullif(g.quota, 0), 'checklist', string_to_array(nullif(g.checklist, ''), chr(10)),
  'categories', string_to_array(nullif(g.categories, ''), ' '), 'areas', string_to_array(nullif(g.areas, ''), ' '),
  'reported', n.reported, 'filed', n.filed, 'dispatched', n.dispatched, 'handed_over', n.handed_over,
  'handed_over_on_time', n.on_time, 'closed', n.closed)::text, g.key
FROM campaign g, LATERAL (
  SELECT count(*) AS reported, count(filed_at) AS filed, count(dispatched_at) AS dispatched, count(handed_over_at) AS handed_over,
    count(*) FILTER (WHERE handed_over_at IS NOT NULL AND NOT late) AS on_time, count(*) FILTER (WHERE state = 'closed') AS closed
  FROM cases c WHERE c.district = g.district AND c.campaign = g.key) n
WHERE g.district = $1 AND g.key > $2 ORDER BY g.key LIMIT $3::int
