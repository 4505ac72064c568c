-- One local day of the patrols. $1 district, $2 person ('' = all), $3 street of who asks, $4 the day ('' = today), $5 now.
--   due    the cells of a person's roster lines of that day (as duty_line_holds reads a line; a range of the key where it can)
--   trace  where somebody says, or a case shows, that he was: what he reported, verified or checked there (not what he judged by
--          a photo), his marks of on and off duty, his answers to roll-calls. Nobody is followed in between.
WITH day AS (
  SELECT z.minutes, d.day, (d.day::timestamp - make_interval(mins => z.minutes)) AT TIME ZONE 'UTC' AS from_at,
    (d.day::timestamp + interval '1 day' - make_interval(mins => z.minutes)) AT TIME ZONE 'UTC' AS to_at, instant($5::bigint) AS now
  FROM (SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes) z,
    LATERAL (SELECT coalesce(nullif($4, '')::date, (instant($5::bigint) AT TIME ZONE 'UTC' + make_interval(mins => z.minutes))::date) AS day) d
), people AS MATERIALIZED (
  SELECT p.person FROM
/*include parts/patrollers.sql*/
    p
  WHERE ($2 = '' OR p.person = $2)
    AND ($3 = '' OR EXISTS (SELECT FROM duty_line l WHERE l.district = $1 AND l.patroller = p.person AND l.street IN ('', $3)))
), line AS MATERIALIZED (
  SELECT p.person, l.street, l.community, l.duty_grid, l.grid, l.from_minute, l.to_minute
  FROM people p, day, LATERAL duty_lines_of($1, p.person, day.from_at + interval '12 hours', false) l
), held AS (
  SELECT l.person, l.grid FROM line l WHERE l.grid <> ''
  UNION SELECT l.person, g FROM line l JOIN area a ON a.district = $1 AND a.layer = 'duty' AND a.code = l.duty_grid, unnest(a.grids) g
    WHERE l.grid = '' AND l.duty_grid <> ''
  UNION SELECT l.person, c.grid FROM line l,
      LATERAL (SELECT coalesce(nullif(l.community, ''), l.street) AS code) k
      JOIN LATERAL (SELECT c.grid FROM cell c WHERE c.district = $1 AND c.grid BETWEEN k.code AND k.code || '999999') c ON true
    WHERE l.grid = '' AND l.duty_grid = ''
), due AS MATERIALIZED (
  SELECT h.person, c.grid, c.street, c.community
  FROM held h JOIN cell c ON c.district = $1 AND c.grid = h.grid, day
  WHERE c.initial_date <= day.day AND (c.end_date IS NULL OR c.end_date > day.day) AND ($3 = '' OR c.street = $3)
), trace AS MATERIALIZED (
  SELECT m.person, c.grid, m.at, m.mark AS kind, m.case_no
  FROM case_mark m JOIN cases c ON c.district = m.district AND c.case_no = m.case_no, day
  WHERE m.district = $1 AND m.at >= day.from_at AND m.at < day.to_at AND m.mark IN ('report', 'verify', 'check')
    AND m.post IN ('patroller', 'patrol_lead') AND c.grid <> '' AND ($3 = '' OR c.street = $3)
    AND NOT (m.mark = 'check' AND c.check_mode IN ('photo', 'video'))
    AND m.person IN (SELECT person FROM people)
  UNION ALL
  SELECT d.person, d.grid, d.at, CASE WHEN d.on_duty THEN 'on' ELSE 'off' END, ''
  FROM duty_mark d, day
  WHERE d.district = $1 AND d.at >= day.from_at AND d.at < day.to_at AND d.grid <> '' AND ($3 = '' OR left(d.grid, 9) = $3)
    AND d.person IN (SELECT person FROM people)
  UNION ALL
  SELECT a.person, a.grid, a.answered_at, 'roll_call', ''
  FROM roll_call r JOIN roll_answer a USING (district, roll_call_id), day
  WHERE r.district = $1 AND r.at >= day.from_at - interval '1 day' AND r.at < day.to_at AND a.answered_at >= day.from_at
    AND a.answered_at < day.to_at AND a.grid <> '' AND ($3 = '' OR left(a.grid, 9) = $3) AND a.person IN (SELECT person FROM people)
)
