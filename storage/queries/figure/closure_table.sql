-- The closure table by $7 from the rollup, in the columns of span/closure_table.sql behind T. The first row always stands, with an
-- empty T when the rollup cannot answer: not a whole month, another T than the calendar's while the district went on
-- since, or not built. $1-$6 as in scope.sql; $8, $9 the period; $10 T asked for; $11 T of the period before; $12 whether T means now.
WITH z AS (
  SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes
),
-- Which rows of the rollup somebody of this scope sees; NULL: no rows were made for it.
w AS (
  SELECT CASE WHEN $2 = 'reporter' OR $3::text IS NULL THEN NULL
    WHEN $2 IN ('patroller', 'patrol_lead') THEN CASE WHEN $4 = '' THEN '' ELSE 'street=' || $4 END
    WHEN $4 <> '' THEN CASE WHEN $5 = '' AND $6 = '' THEN 'street=' || $4 END
    WHEN $6 <> '' THEN CASE WHEN $5 <> '' THEN 'squad=' || $5 || '/' || $6 END
    WHEN $5 <> '' THEN 'unit=' || $5
    ELSE '' END AS within
),
newest AS (
  SELECT s.built, s.past_day, greatest(s.last_at, (SELECT max(at) FROM figure_delta WHERE district = $1)) AS at FROM figure_state s WHERE s.district = $1
),
asked AS (
  SELECT m.month, m.from_at, m.to_at, z.minutes, n.past_day,
    CASE WHEN instant($10) = m.read_at OR (instant($10) < m.read_at AND instant($10) > n.at) THEN instant($10)
         -- Something came between the question and its answer: then now is just behind it.
         WHEN $12 AND n.at < m.read_at THEN n.at + interval '1 millisecond' END AS t
  FROM z, newest n, figure_month m JOIN figure_month b ON b.district = $1 AND b.month = m.month - 1
  WHERE n.built AND m.district = $1 AND m.from_at = instant($8) AND m.to_at = instant($9) AND instant($11) = least(instant($10), b.read_at)
),
p AS (
  SELECT month, t, minutes, t < to_at AS runs, day_of(t, minutes) AS today FROM asked
  WHERE t > from_at AND (t >= to_at OR day_of(t, minutes) >= past_day)
),
line AS (
  SELECT r.key, r.month, r.day, r.filed, r.dispatched, r.closed, r.closed_on_time, r.ended, r.ended_reworked, r.ended_extended,
    r.open_at_end, r.awaiting, r.enforcement, r.undone, r.undone_carried, r.undone_reworked, r.undone_extended
  FROM p, w, figure_rollup r
  WHERE r.district = $1 AND r.within = w.within AND r.by = $7 AND (r.month <= p.month OR (p.runs AND r.month = 2147483647))
    AND (r.day = 0 OR (p.runs AND r.day < p.today))
  UNION ALL
  SELECT CASE $7 WHEN 'district' THEN d.district WHEN 'street' THEN d.street WHEN 'unit' THEN d.unit WHEN 'squad' THEN d.squad
      WHEN 'class' THEN d.class ELSE d.source END,
    d.month, d.day, d.filed, d.dispatched, d.closed, d.closed_on_time, d.ended, d.ended_reworked, d.ended_extended,
    d.open_at_end, d.awaiting, d.enforcement, d.undone, d.undone_carried, d.undone_reworked, d.undone_extended
  FROM p, w, figure_delta d
  WHERE d.district = $1 AND (d.month <= p.month OR (p.runs AND d.month = 2147483647)) AND (d.day = 0 OR (p.runs AND d.day < p.today))
    AND ($4 = '' OR d.street = $4) AND ($2 IN ('patroller', 'patrol_lead') OR (($5 = '' OR d.unit = $5) AND ($6 = '' OR d.squad = $6)))
  UNION ALL
  -- Due today before T and open: by open_due.
  SELECT CASE $7 WHEN 'district' THEN c.district WHEN 'street' THEN c.street WHEN 'unit' THEN c.unit WHEN 'squad' THEN c.squad
      WHEN 'class' THEN c.class_code ELSE c.source END,
    coalesce(month_of(c.filed_at, p.minutes), 2147483647), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0,
    (c.rework > 0 AND EXISTS (SELECT FROM span r WHERE r.district = $1 AND r.case_no = c.case_no AND r.ended = 'failed'))::int, (c.extensions > 0)::int
  FROM p JOIN cases c ON p.runs AND c.district = $1 AND c.closed_at IS NULL AND coalesce(c.due_at, 'infinity') < p.t
      AND coalesce(c.due_at, 'infinity') >= to_timestamp(p.today::float8 * 86400 - p.minutes * 60)
    JOIN span s ON s.district = $1 AND s.case_no = c.case_no AND s.until_at IS NULL AND s.kind <> 'awaiting' AND s.due_at < p.t
  WHERE NOT c.exempt AND c.enforcement_no = '' AND (c.campaign = '' OR NOT 'counted_apart:' || c.campaign = ANY (c.flags))
    AND ($4 = '' OR c.street = $4) AND ($2 IN ('patroller', 'patrol_lead') OR (($5 = '' OR c.unit = $5) AND ($6 = '' OR c.squad = $6)))
),
-- Late at the end: at the month's, by the months; at this moment, by the days.
counted AS (
  SELECT l.key, coalesce(sum(l.filed) FILTER (WHERE l.month = p.month), 0) AS filed,
    coalesce(sum(l.dispatched) FILTER (WHERE l.month = p.month), 0) AS dispatched,
    coalesce(sum(l.ended) FILTER (WHERE l.month = p.month), 0) + coalesce(sum(l.undone) FILTER (WHERE (l.day > 0) = p.runs), 0) AS due,
    coalesce(sum(CASE WHEN p.runs THEN CASE WHEN l.day > 0 AND l.month < p.month THEN l.undone END ELSE l.undone_carried END), 0) AS carried_over,
    coalesce(sum(l.closed) FILTER (WHERE l.month = p.month), 0) AS closed,
    coalesce(sum(l.closed_on_time) FILTER (WHERE l.month = p.month), 0) AS closed_on_time,
    coalesce(sum(l.ended_reworked) FILTER (WHERE l.month = p.month), 0)
      + coalesce(sum(l.undone_reworked) FILTER (WHERE (l.day > 0) = p.runs), 0) AS reworked,
    coalesce(sum(l.ended_extended) FILTER (WHERE l.month = p.month), 0)
      + coalesce(sum(l.undone_extended) FILTER (WHERE (l.day > 0) = p.runs), 0) AS extended,
    coalesce(sum(l.awaiting), 0) AS awaiting, coalesce(sum(l.enforcement), 0) AS enforcement, coalesce(sum(l.open_at_end), 0) AS open_at_end
  FROM p, line l GROUP BY l.key
)
SELECT (SELECT millis(p.t) FROM p, w WHERE w.within IS NOT NULL), c.key, c.filed, c.dispatched, c.due, c.carried_over, c.closed, c.closed_on_time,
  c.reworked, c.extended, c.awaiting, c.enforcement, c.open_at_end
FROM (VALUES (1)) one LEFT JOIN counted c
  ON c.filed <> 0 OR c.dispatched <> 0 OR c.due <> 0 OR c.closed <> 0 OR c.awaiting <> 0 OR c.enforcement <> 0 OR c.open_at_end <> 0
ORDER BY c.key
