-- Each campaign with what came of it: reports against its quota, points and who looked at them. Uses cases_campaign, campaign_visit_of_point.
SELECT json_build_object('key', g.key, 'name', g.zh, 'zh', g.zh, 'en', g.en, 'from', g.from_day, 'to', g.to_day, 'counted', g.counted,
  'quota', nullif(g.quota, 0), 'quota_rate', round(n.reported * 100.0 / nullif(g.quota, 0), 2), 'checklist', string_to_array(nullif(g.checklist, ''), chr(10)),
  'categories', string_to_array(nullif(g.categories, ''), ' '), 'areas', string_to_array(nullif(g.areas, ''), ' '),
  'reported', n.reported, 'filed', n.filed, 'dispatched', n.dispatched, 'handed_over', n.handed_over,
  'handed_over_on_time', n.on_time, 'closed', n.closed,
  'points', v.points, 'visited', v.clean + v.found, 'clean', v.clean, 'found', v.found, 'unable', v.unable)::text, g.key
FROM campaign g, LATERAL (
  SELECT count(*) AS reported, count(filed_at) AS filed, count(dispatched_at) AS dispatched, count(handed_over_at) AS handed_over,
    count(*) FILTER (WHERE handed_over_at IS NOT NULL AND NOT late) AS on_time, count(*) FILTER (WHERE state = 'closed') AS closed
  FROM cases c WHERE c.district = g.district AND c.campaign = g.key) n,
LATERAL (  -- a point counts once: as something found there, else as clean, else as not to be looked at
  SELECT count(*) AS points, count(*) FILTER (WHERE s.found) AS found, count(*) FILTER (WHERE s.clean AND NOT s.found) AS clean,
    count(*) FILTER (WHERE s.unable AND NOT s.clean AND NOT s.found) AS unable
  FROM campaign_points(g.points) p, LATERAL (
    SELECT coalesce(bool_or(result = 'found'), false) AS found, coalesce(bool_or(result = 'clean'), false) AS clean, coalesce(bool_or(result = 'unable'), false) AS unable
    FROM campaign_visit w WHERE w.district = g.district AND w.campaign = g.key AND w.point = p.point) s) v
WHERE g.district = $1 AND g.key > $2 ORDER BY g.key LIMIT $3::int
