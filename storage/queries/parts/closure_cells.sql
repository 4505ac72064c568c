-- The closure table, one line a case (CONTRACT 7, RULINGS 1): which columns it counts in, and whose it is. Shared by the
-- table and by the lists behind its numbers, so that the two cannot disagree.
-- $1-$6 as in scope.sql; $7 T, the instant of reading; $8 and $9 the period, half-open; $10 T of the period before. Whose
-- figures: asked.campaign, as in counted.sql; asked.field: the one column that is asked for, '' for all (the others' cases need not be found).
p AS (
  SELECT instant($7::bigint) AS t, instant($8::bigint) AS s, instant($9::bigint) AS n, instant($10::bigint) AS before,
    least(instant($9::bigint), instant($7::bigint)) AS e,  -- the period's end, or T inside a period that still runs
    (SELECT to_char((instant($9::bigint) - interval '1 millisecond') AT TIME ZONE 'UTC' + make_interval(mins => utc_offset_minutes), 'YYYY-MM')
     FROM district WHERE code = $1) AS last_month
),
-- Hand-overs of this period: given in it, or come over from the period before awaiting their check.
hand AS (
  SELECT h.case_no, h.from_at <= h.due_at AS on_time,
    CASE WHEN h.until_at IS NULL OR h.until_at > p.t THEN 'awaiting' ELSE h.ended END AS outcome
  FROM p, span h
  WHERE h.district = $1 AND h.kind = 'awaiting' AND h.from_at >= p.s AND h.from_at < p.n AND h.from_at <= p.t
  UNION ALL
  SELECT h.case_no, h.from_at <= h.due_at,
    CASE WHEN h.until_at IS NULL OR h.until_at > p.t THEN 'awaiting' ELSE h.ended END
  FROM p, span h
  WHERE tstzrange(h.from_at, h.until_at, '(]') @> p.before AND h.district = $1 AND h.kind = 'awaiting' AND h.from_at < p.s
    AND (h.until_at IS NULL OR h.until_at > p.before)
),
-- Open at the end (spans that hold that instant, found by span_alive) without a valid hand-over, the deadline in force passed.
undone AS (
  SELECT u.case_no
  FROM p, span u
  WHERE tstzrange(u.from_at, u.until_at, '(]') @> p.e AND u.district = $1
    AND CASE
      WHEN u.kind = 'awaiting' THEN u.due_at < u.from_at AND u.ended = 'failed' AND u.until_at <= p.t
      -- An approval known at T counts from its asking (RULINGS 2), whoever of the unit had the case when it was given.
      ELSE u.due_at < p.e AND NOT EXISTS (SELECT FROM span a WHERE a.district = $1 AND a.case_no = u.case_no AND a.version >= u.version
        AND a.effect_at < p.e AND a.until_at <= p.t AND a.effect_due_at >= p.e) END
),
-- Forced closed in the period, and voided in it after the deadline.
cut AS (
  SELECT c.case_no
  FROM p, cases c
  WHERE c.district = $1 AND c.state = 'forced_closed' AND c.closed_at >= p.s AND c.closed_at < p.n AND c.closed_at <= p.t
    AND c.filed_at IS NOT NULL
  UNION ALL
  SELECT v.case_no
  FROM p, span v JOIN cases c ON c.district = v.district AND c.case_no = v.case_no AND c.state = 'voided'
  WHERE v.district = $1 AND v.ended = 'voided' AND v.until_at >= p.s AND v.until_at < p.n AND v.until_at <= p.t
    AND v.due_at < CASE WHEN v.kind = 'awaiting' THEN v.from_at ELSE v.until_at END
),
mark AS (
  SELECT case_no, 'filed' AS field FROM p, cases c
   WHERE (SELECT field FROM asked) IN ('', 'filed') AND c.district = $1 AND c.filed_at >= p.s AND c.filed_at < p.n AND c.filed_at <= p.t
  UNION ALL
  SELECT case_no, 'dispatched' FROM p, cases c
   WHERE (SELECT field FROM asked) IN ('', 'dispatched') AND c.district = $1 AND c.dispatched_at >= p.s AND c.dispatched_at < p.n AND c.dispatched_at <= p.t
  UNION ALL
  SELECT case_no, 'open_at_end' FROM p, cases c WHERE (SELECT field FROM asked) IN ('', 'open_at_end') AND c.district = $1 AND c.closed_at IS NULL AND c.filed_at < p.e
  UNION ALL
  SELECT case_no, 'open_at_end' FROM p, cases c WHERE (SELECT field FROM asked) IN ('', 'open_at_end') AND c.district = $1 AND c.closed_at >= p.e AND c.filed_at < p.e
  UNION ALL
  SELECT case_no, 'closed' FROM hand WHERE outcome = 'closed' AND (SELECT field FROM asked) IN ('', 'closed', 'closed_on_time', 'closed_late', 'due', 'not_closed', 'reworked', 'extended')
  UNION ALL
  SELECT case_no, 'closed_on_time' FROM hand WHERE outcome = 'closed' AND on_time AND (SELECT field FROM asked) IN ('', 'closed_on_time', 'closed_late')
  UNION ALL
  SELECT case_no, 'awaiting_check' FROM hand WHERE outcome = 'awaiting' AND (SELECT field FROM asked) IN ('', 'awaiting_check')
  UNION ALL
  SELECT case_no, 'undone' FROM undone WHERE (SELECT field FROM asked) IN ('', 'carried_over', 'due', 'not_closed', 'reworked', 'extended')
  UNION ALL
  SELECT case_no, 'cut' FROM cut WHERE (SELECT field FROM asked) IN ('', 'due', 'not_closed', 'reworked', 'extended')
  UNION ALL
  SELECT case_no, 'in_enforcement' FROM p, cases c
   WHERE (SELECT field FROM asked) IN ('', 'in_enforcement') AND c.district = $1 AND c.enforcement_no <> '' AND c.filed_at < p.e AND (c.closed_at IS NULL OR c.closed_at >= p.s)
),
flagged AS (
  SELECT case_no, bool_or(field = 'filed') AS filed, bool_or(field = 'dispatched') AS dispatched,
    bool_or(field = 'open_at_end') AS open_at_end, bool_or(field = 'closed') AS closed,
    bool_or(field = 'closed_on_time') AS closed_on_time, bool_or(field = 'awaiting_check') AS awaiting_check,
    bool_or(field = 'undone') AS undone, bool_or(field = 'in_enforcement') AS in_enforcement, bool_or(field IN ('closed', 'undone', 'cut')) AS due
  FROM mark GROUP BY case_no
),
cell AS (
  SELECT f.case_no, f.filed, f.dispatched, f.open_at_end, f.awaiting_check,
    f.due AND x.counts AS due,
    f.closed AND x.counts AS closed,
    f.closed_on_time AND x.counts AS closed_on_time,
    f.undone AND c.filed_at < p.s AND x.counts AS carried_over,
    f.due AND x.counts AND c.rework > 0 AND EXISTS (
      SELECT FROM span r WHERE r.district = $1 AND r.case_no = f.case_no AND r.ended = 'failed' AND r.until_at <= p.t) AS reworked,
    f.in_enforcement AND NOT left_later.kept AS in_enforcement,
    f.due AND x.counts AND c.extensions > 0 AND EXISTS (
      SELECT FROM span r WHERE r.district = $1 AND r.case_no = f.case_no AND r.until_at <= p.t AND r.effect_due_at > r.due_at
        AND r.effect_due_at < instant(253402214400000)) AS extended,
    coalesce(h.unit, '') AS unit, coalesce(h.squad, '') AS squad, was.street, was.class, c.source, c.district,
    was.grid, was.community, was.category
  FROM p, flagged f
  JOIN cases c ON c.district = $1 AND c.case_no = f.case_no
  -- Exempted cases and those with enforcement stand in neither side, but in months that were sealed before they left.
  CROSS JOIN LATERAL (SELECT CASE WHEN c.exempt OR c.enforcement_no <> ''
    THEN EXISTS (SELECT FROM unnest(c.flags) flag WHERE flag LIKE 'counted_to:%' AND substr(flag, 12) >= p.last_month) ELSE false END AS kept) left_later
  -- Nor does an amendment move it there.
  CROSS JOIN LATERAL (SELECT CASE WHEN c.flags = '{}' THEN NULL ELSE counted_as(c.flags, p.last_month) END AS old) o
  CROSS JOIN LATERAL (SELECT coalesce(o.old[3], c.street) AS street, coalesce(o.old[4], c.community) AS community, coalesce(o.old[5], c.grid) AS grid,
    coalesce(o.old[6], c.class_code) AS class, coalesce(o.old[7], c.code) AS category) was
  CROSS JOIN LATERAL (SELECT NOT c.exempt AND c.enforcement_no = '' OR left_later.kept AS counts) x
  -- Whose it is: the hand-over's, else who holds it at the end: both are the last span begun before it.
  -- A case that has not moved since stands with the same.
  LEFT JOIN LATERAL (
    SELECT c.unit, c.squad WHERE c.last_at < p.e
    UNION ALL
    (SELECT s.unit, s.squad FROM span s WHERE c.last_at >= p.e AND s.district = $1 AND s.case_no = f.case_no AND s.from_at < p.e
     ORDER BY s.version DESC LIMIT 1)) h ON true
  WHERE
/*include parts/counted.sql*/
    AND $2 <> 'reporter' AND $3::text IS NOT NULL  -- the caller's name: an officer's table does not depend on it
    AND ($4 = '' OR was.street = $4)
    AND ($2 IN ('patroller', 'patrol_lead') OR (($5 = '' OR coalesce(h.unit, '') = $5) AND ($6 = '' OR coalesce(h.squad, '') = $6)))
)
