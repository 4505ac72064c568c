-- The day so far, for a wall: what came and went by stage and hour, what stands by stage and light, where it lies, what came
-- last; no words of a report, no address, nobody's name. $1-$6 scope, $7 now. The open ones are
-- counted by open_map alone; a day back from now is what the planner knows before it knows the day's beginning.
WITH z AS (
  SELECT l.now, l.minutes, (date_trunc('day', l.now AT TIME ZONE 'UTC' + l.shift) - l.shift) AT TIME ZONE 'UTC' AS day
  FROM (SELECT instant($7::bigint) AS now, o.minutes, make_interval(mins => o.minutes) AS shift
    FROM (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) o) l
),
came AS (
  SELECT c.opened_at, c.case_no, c.state, c.standard, c.kind, c.code, c.class_code, c.street,
/*include parts/light.sql*/
  AS light FROM cases c, z WHERE c.opened_at >= instant($7::bigint) - interval '1 day' AND c.opened_at >= z.day AND c.opened_at <= z.now AND
/*include parts/scope.sql*/
),
went AS (
  SELECT c.closed_at FROM cases c, z WHERE c.closed_at >= instant($7::bigint) - interval '1 day' AND c.closed_at >= z.day AND c.state IN ('closed', 'forced_closed', 'self_disposed_closed') AND
/*include parts/scope.sql*/
),
standing AS (
  SELECT o.stage, o.light, o.street, count(*) AS n FROM (
    SELECT c.street,
/*include parts/stage.sql*/
    AS stage,
/*include parts/light.sql*/
    AS light FROM cases c, z WHERE c.closed_at IS NULL AND
/*include parts/scope.sql*/
    OFFSET 0) o
  GROUP BY o.stage, o.light, o.street
)
SELECT json_build_object(
  'as_of', (SELECT rfc3339(now, minutes) FROM z), 'from', (SELECT rfc3339(day, minutes) FROM z),
  'today', json_build_object(
    'reported', (SELECT count(*) FROM came),
    'filed', (SELECT count(*) FROM cases c, z WHERE c.filed_at >= instant($7::bigint) - interval '1 day' AND c.filed_at >= z.day AND
/*include parts/scope.sql*/
    ),
    'dispatched', (SELECT count(*) FROM cases c, z WHERE c.dispatched_at >= instant($7::bigint) - interval '1 day' AND c.dispatched_at >= z.day AND
/*include parts/scope.sql*/
    ),
    'handed_over', (SELECT count(DISTINCT s.case_no) FROM z, span s JOIN cases c ON c.district = s.district AND c.case_no = s.case_no
      WHERE s.district = $1 AND s.kind = 'awaiting' AND s.from_at >= instant($7::bigint) - interval '1 day' AND s.from_at >= z.day AND
/*include parts/scope.sql*/
    ),
    'closed', (SELECT count(*) FROM went)),
  'open', (SELECT coalesce(sum(n), 0) FROM standing),
  'stage', (SELECT coalesce(json_object_agg(stage, n), '{}') FROM (SELECT stage, sum(n) AS n FROM standing GROUP BY stage) s),
  'light', (SELECT json_build_object('green', coalesce(sum(n) FILTER (WHERE light = 'green'), 0), 'yellow', coalesce(sum(n) FILTER (WHERE light = 'yellow'), 0),
      'red', coalesce(sum(n) FILTER (WHERE light = 'red'), 0), 'none', coalesce(sum(n) FILTER (WHERE light IS NULL), 0)) FROM standing),
  'hours', (SELECT json_agg(json_build_object('hour', h, 'reported', coalesce(r.n, 0), 'closed', coalesce(e.n, 0)) ORDER BY h)
    FROM (SELECT generate_series(0, least(23, floor(extract(epoch FROM now - day) / 3600)::int)) AS h FROM z) hour
    LEFT JOIN (SELECT floor(extract(epoch FROM opened_at - day) / 3600)::int AS h, count(*) AS n FROM came, z GROUP BY 1) r USING (h)
    LEFT JOIN (SELECT floor(extract(epoch FROM closed_at - day) / 3600)::int AS h, count(*) AS n FROM went, z GROUP BY 1) e USING (h)),
  'streets', (SELECT coalesce(json_agg(json_build_object('street', a.street, 'zh', coalesce(t.zh, ''), 'en', coalesce(t.en, ''), 'open', a.n, 'red', a.red) ORDER BY a.n DESC, a.street), '[]')
    FROM (SELECT street, sum(n) AS n, coalesce(sum(n) FILTER (WHERE light = 'red'), 0) AS red FROM standing WHERE street <> '' GROUP BY street ORDER BY sum(n) DESC, street LIMIT 12) a
    LEFT JOIN street t ON t.district = $1 AND t.code = a.street),
  'classes', (SELECT coalesce(json_agg(json_build_object('class', a.class_code, 'zh', coalesce(k.zh, ''), 'en', coalesce(k.en, ''), 'n', a.n) ORDER BY a.n DESC, a.class_code), '[]')
    FROM (SELECT class_code, count(*) AS n FROM came WHERE class_code <> '' GROUP BY class_code ORDER BY count(*) DESC, class_code LIMIT 8) a
    LEFT JOIN LATERAL (SELECT class_zh AS zh, class_en AS en FROM category k WHERE k.district = $1 AND k.class_code = a.class_code ORDER BY k.standard DESC LIMIT 1) k ON true),
  'newest', (SELECT coalesce(json_agg(json_build_object('case_no', a.case_no, 'state', a.state, 'light', a.light, 'opened_at', rfc3339(a.opened_at, a.minutes),
      'zh', coalesce(k.zh, a.code), 'en', coalesce(k.en, a.code), 'street_zh', coalesce(t.zh, ''), 'street_en', coalesce(t.en, '')) ORDER BY a.opened_at DESC, a.case_no DESC), '[]')
    FROM (SELECT came.*, z.minutes FROM came, z ORDER BY opened_at DESC, case_no DESC LIMIT 14) a
    LEFT JOIN category k ON k.district = $1 AND k.standard = a.standard AND k.kind = a.kind AND k.code = a.code
    LEFT JOIN street t ON t.district = $1 AND t.code = a.street))::text
