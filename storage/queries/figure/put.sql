-- Puts into the closure tables what these cases add ($3 = 1), or takes it out before they are changed ($3 = -1). By keys.
WITH chosen AS (
  SELECT unnest($2::text[]) AS case_no
),
/*include parts/figure_parts.sql*/
INSERT INTO figure_delta
SELECT $1, at, street, unit, squad, class, source, month, day, x * filed, x * dispatched, x * closed, x * closed_on_time, x * ended, x * ended_reworked,
  x * ended_extended, x * open_at_end, x * awaiting, x * enforcement, x * undone, x * undone_carried, x * undone_reworked, x * undone_extended
FROM part, (SELECT $3::int AS x) sign
