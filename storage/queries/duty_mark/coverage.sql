-- Attendance and coverage of a day, one row a patroller. $1-$5 as in patrol_day.sql, $6 the last one seen.
/*include parts/patrol_day.sql*/
, stretch AS (  -- on duty until the next mark, at most 16 hours; of the day, and not of what is still to come
  SELECT s.person, greatest(s.at, day.from_at) AS a, least(s.next_at, s.at + interval '16 hours', day.to_at, day.now) AS b
  FROM day, LATERAL (SELECT d.person, d.at, d.on_duty, lead(d.at) OVER (PARTITION BY d.person ORDER BY d.at, d.mark_id) AS next_at FROM duty_mark d
                     WHERE d.district = $1 AND d.at >= day.from_at - interval '16 hours' AND d.at < day.to_at) s
  WHERE s.on_duty
), present AS (
  SELECT person, min(a) AS first_on, max(b) AS last_on, (extract(epoch FROM sum(b - a)) / 60)::bigint AS minutes FROM stretch WHERE b > a GROUP BY person
), planned AS (
  SELECT person, min(from_minute) AS from_minute, max(to_minute) AS to_minute,
    (SELECT sum(upper(r) - lower(r)) FROM unnest(range_agg(int4range(from_minute, to_minute))) r) AS minutes
  FROM line GROUP BY person
), walk AS (
  SELECT d.person, count(*) AS due, count(w.grid) AS walked
  FROM due d LEFT JOIN (SELECT DISTINCT person, grid FROM trace) w USING (person, grid) GROUP BY d.person
), seen AS (
  SELECT t.person, count(DISTINCT t.grid) FILTER (WHERE d.grid IS NULL) AS elsewhere, count(*) FILTER (WHERE t.kind = 'report') AS reports,
    count(*) FILTER (WHERE t.kind = 'verify') AS verifies, count(*) FILTER (WHERE t.kind = 'check') AS checks, min(t.at) AS first_at, max(t.at) AS last_at
  FROM trace t LEFT JOIN due d USING (person, grid) GROUP BY t.person
), rolls AS (
  SELECT a.person, count(*) AS called, count(a.answered_at) AS answered, count(*) FILTER (WHERE a.answered_at > r.answer_by) AS late
  FROM roll_call r JOIN roll_answer a USING (district, roll_call_id), day
  WHERE r.district = $1 AND r.at >= day.from_at AND r.at < day.to_at GROUP BY a.person
)
SELECT json_build_object('person', p.person, 'day', day.day, 'rostered', n.person IS NOT NULL,
  'planned_from', to_char(make_interval(mins => n.from_minute), 'HH24:MI'), 'planned_to', to_char(make_interval(mins => n.to_minute), 'HH24:MI'),
  'planned_minutes', coalesce(n.minutes, 0), 'first_on', rfc3339(a.first_on, day.minutes), 'last_on', rfc3339(a.last_on, day.minutes),
  'on_minutes', coalesce(a.minutes, 0), 'cells_due', coalesce(w.due, 0), 'cells_walked', coalesce(w.walked, 0),
  'coverage', CASE WHEN w.due > 0 THEN round(100.0 * w.walked / w.due, 2) END, 'cells_elsewhere', coalesce(s.elsewhere, 0),
  'reports', coalesce(s.reports, 0), 'verifies', coalesce(s.verifies, 0), 'checks', coalesce(s.checks, 0),
  'first_trace', rfc3339(s.first_at, day.minutes), 'last_trace', rfc3339(s.last_at, day.minutes),
  'called', coalesce(r.called, 0), 'answered', coalesce(r.answered, 0), 'late', coalesce(r.late, 0))::text, p.person
FROM people p LEFT JOIN present a USING (person) LEFT JOIN planned n USING (person) LEFT JOIN walk w USING (person) LEFT JOIN seen s USING (person)
  LEFT JOIN rolls r USING (person), day
WHERE p.person > $6 ORDER BY p.person LIMIT $7::int
