-- What each case of `chosen` (case_no) adds to the closure tables: the rules of closure_cells.sql turned from "this month's
-- cases" into "this case's months". $1 the district. Ends in `part`, the columns of figure_delta behind `at`.
-- A span's edge counts in the month it lies in; what is known of it counts from the month whose T is not before it.
-- Months are half-open intervals [a, b); 2147483647 is for ever.
z AS (
  SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes
),
c AS MATERIALIZED (
  SELECT c.case_no, c.street, c.class_code AS class, c.source, c.unit, c.squad, c.last_at, c.state,
    month_of(c.filed_at, z.minutes) AS filed, month_of(c.dispatched_at, z.minutes) AS dispatched,
    month_of(c.closed_at, z.minutes) AS ended, month_of(c.last_at, z.minutes) AS last,
    NOT c.exempt AND c.enforcement_no = '' AS counts, c.enforcement_no <> '' AS enforced, c.rework > 0 AS reworks, c.extensions > 0 AS extends
  FROM z CROSS JOIN chosen JOIN cases c ON c.district = $1 AND c.case_no = chosen.case_no
),
s AS MATERIALIZED (
  SELECT s.case_no, s.version, s.kind, s.ended, s.unit, s.squad, s.from_at, s.until_at, s.due_at,
    month_of(s.from_at, z.minutes) AS since, coalesce(month_of(s.until_at, z.minutes), 2147483647) AS until,
    CASE WHEN s.until_at IS NULL THEN 2147483647 WHEN s.until_at <= k.read_at THEN k.month ELSE month_of(s.until_at, z.minutes) END AS known,
    month_of(s.due_at, z.minutes) AS due, day_of(s.due_at, z.minutes) AS due_day,
    coalesce(month_of(s.effect_at, z.minutes), 2147483647) AS effect, month_of(s.effect_due_at, z.minutes) AS effect_due
  FROM z CROSS JOIN chosen JOIN span s ON s.district = $1 AND s.case_no = chosen.case_no
    LEFT JOIN figure_month k ON k.district = $1 AND k.month = month_of(s.until_at, z.minutes) - 1
),
failed AS (
  SELECT case_no, min(known) AS known FROM s WHERE ended = 'failed' GROUP BY case_no
),
-- Who holds it at the end of each month: nobody, the last span begun before, and since its last row the case itself.
held AS (
  SELECT case_no, unit, squad, last AS a, 2147483647 AS b FROM c
  UNION ALL
  SELECT h.case_no, h.unit, h.squad, h.since, least(h.next, c.last)
  FROM (SELECT case_no, unit, squad, since, lead(since, 1, 2147483647) OVER (PARTITION BY case_no ORDER BY version) AS next FROM s) h
  JOIN c ON c.case_no = h.case_no
  WHERE h.since < least(h.next, c.last)
  UNION ALL
  SELECT c.case_no, '', '', 0, least(c.last, coalesce(f.since, c.last))
  FROM c LEFT JOIN (SELECT case_no, min(since) AS since FROM s GROUP BY case_no) f ON f.case_no = c.case_no
),
-- Ends for which a case is due once, in that month: closed by T, forced closed, voided after its deadline.
over AS (
  SELECT s.case_no, greatest(s.since, s.known) AS month, true AS closed, s.from_at <= s.due_at AS on_time
  FROM s JOIN c ON c.case_no = s.case_no AND c.counts
  WHERE s.kind = 'awaiting' AND s.ended = 'closed'
  UNION ALL
  SELECT case_no, ended, false, false FROM c WHERE state = 'forced_closed' AND filed IS NOT NULL AND counts
  UNION ALL
  SELECT s.case_no, s.until, false, false
  FROM s JOIN c ON c.case_no = s.case_no AND c.counts AND c.state = 'voided'
  WHERE s.ended = 'voided' AND s.due_at < CASE WHEN s.kind = 'awaiting' THEN s.from_at ELSE s.until_at END
),
-- Months at whose end it is open without a valid hand-over, the deadline in force passed.
undone AS (
  SELECT s.case_no, greatest(s.since, s.known) AS a, s.until AS b FROM s
  WHERE s.kind = 'awaiting' AND s.ended = 'failed' AND s.due_at < s.from_at
  UNION ALL
  SELECT s.case_no, greatest(s.since, s.due), least(s.until, CASE WHEN s.effect < 2147483647 THEN greatest(s.effect, s.known) ELSE 2147483647 END) FROM s
  WHERE s.kind <> 'awaiting' AND s.due_at < '9000-01-01'
  UNION ALL
  SELECT s.case_no, greatest(s.since, s.effect, s.known, s.effect_due), s.until FROM s
  WHERE s.kind <> 'awaiting' AND s.effect < 2147483647
),
piece AS (
  SELECT case_no, 'filed' AS field, filed AS a, filed + 1 AS b, false AS stands FROM c WHERE filed IS NOT NULL
  UNION ALL SELECT case_no, 'dispatched', dispatched, dispatched + 1, false FROM c WHERE dispatched IS NOT NULL
  UNION ALL SELECT case_no, 'open_at_end', filed, coalesce(ended, 2147483647), true FROM c WHERE filed IS NOT NULL
  UNION ALL SELECT case_no, 'enforcement', filed, coalesce(ended + 1, 2147483647), true FROM c WHERE filed IS NOT NULL AND enforced
  UNION ALL SELECT case_no, 'awaiting', since, greatest(since, known), true FROM s WHERE kind = 'awaiting'
  UNION ALL SELECT case_no, 'closed', month, month + 1, false FROM over WHERE closed
  UNION ALL SELECT case_no, 'closed_on_time', month, month + 1, false FROM over WHERE on_time
  UNION ALL SELECT case_no, 'ended', month, month + 1, false FROM over
  UNION ALL SELECT o.case_no, 'ended_reworked', month, month + 1, false
    FROM over o JOIN failed f ON f.case_no = o.case_no AND f.known <= o.month JOIN c ON c.case_no = o.case_no AND c.reworks
  UNION ALL SELECT o.case_no, 'ended_extended', month, month + 1, false FROM over o JOIN c ON c.case_no = o.case_no AND c.extends
  UNION ALL SELECT u.case_no, 'undone', u.a, u.b, true FROM undone u JOIN c ON c.case_no = u.case_no AND c.counts
  UNION ALL SELECT u.case_no, 'undone_carried', greatest(u.a, c.filed + 1), u.b, true
    FROM undone u JOIN c ON c.case_no = u.case_no AND c.counts AND c.filed IS NOT NULL
  UNION ALL SELECT u.case_no, 'undone_reworked', greatest(u.a, f.known), u.b, true
    FROM undone u JOIN c ON c.case_no = u.case_no AND c.counts AND c.reworks JOIN failed f ON f.case_no = u.case_no
  UNION ALL SELECT u.case_no, 'undone_extended', u.a, u.b, true FROM undone u JOIN c ON c.case_no = u.case_no AND c.counts AND c.extends
),
share AS (
  SELECT p.case_no, h.unit, h.squad, greatest(p.a, h.a) AS month, 0 AS day, p.field, 1 AS n
  FROM piece p JOIN held h ON h.case_no = p.case_no AND p.a < h.b AND h.a < p.b AND greatest(p.a, h.a) < least(p.b, h.b)
  UNION ALL
  SELECT p.case_no, h.unit, h.squad, least(p.b, h.b), 0, p.field, -1
  FROM piece p JOIN held h ON h.case_no = p.case_no AND p.a < h.b AND h.a < p.b AND greatest(p.a, h.a) < least(p.b, h.b)
  WHERE p.stands AND least(p.b, h.b) < 2147483647
  UNION ALL
  -- Open now: in the month that still runs a deadline passes at its instant, not at the month's end.
  SELECT c.case_no, c.unit, c.squad, coalesce(c.filed, 2147483647), s.due_day, x.field, 1
  FROM s JOIN c ON c.case_no = s.case_no AND c.counts LEFT JOIN failed f ON f.case_no = c.case_no,
    LATERAL (VALUES ('undone', true), ('undone_reworked', c.reworks AND f.case_no IS NOT NULL), ('undone_extended', c.extends)) x(field, holds)
  WHERE s.until_at IS NULL AND s.kind <> 'awaiting' AND s.due_at < '9000-01-01' AND x.holds
),
part AS (
  SELECT max(c.last_at) AS at, c.street, x.unit, x.squad, c.class, c.source, x.month, x.day,
    coalesce(sum(n) FILTER (WHERE field = 'filed'), 0) AS filed, coalesce(sum(n) FILTER (WHERE field = 'dispatched'), 0) AS dispatched,
    coalesce(sum(n) FILTER (WHERE field = 'closed'), 0) AS closed, coalesce(sum(n) FILTER (WHERE field = 'closed_on_time'), 0) AS closed_on_time,
    coalesce(sum(n) FILTER (WHERE field = 'ended'), 0) AS ended, coalesce(sum(n) FILTER (WHERE field = 'ended_reworked'), 0) AS ended_reworked,
    coalesce(sum(n) FILTER (WHERE field = 'ended_extended'), 0) AS ended_extended,
    coalesce(sum(n) FILTER (WHERE field = 'open_at_end'), 0) AS open_at_end, coalesce(sum(n) FILTER (WHERE field = 'awaiting'), 0) AS awaiting,
    coalesce(sum(n) FILTER (WHERE field = 'enforcement'), 0) AS enforcement, coalesce(sum(n) FILTER (WHERE field = 'undone'), 0) AS undone,
    coalesce(sum(n) FILTER (WHERE field = 'undone_carried'), 0) AS undone_carried,
    coalesce(sum(n) FILTER (WHERE field = 'undone_reworked'), 0) AS undone_reworked,
    coalesce(sum(n) FILTER (WHERE field = 'undone_extended'), 0) AS undone_extended
  FROM share x JOIN c ON c.case_no = x.case_no
  GROUP BY c.street, x.unit, x.squad, c.class, c.source, x.month, x.day
)
