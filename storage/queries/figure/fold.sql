-- Moves what was added since into the rollup of every grouping and scope. Deadlines of days before $2 need no day any more.
WITH gone AS (
  DELETE FROM figure_delta WHERE district = $1 RETURNING *
), past AS (
  DELETE FROM figure_rollup WHERE district = $1 AND day > 1 AND day < $2::int RETURNING *
), state AS (
  UPDATE figure_state SET past_day = greatest(past_day, $2::int), last_at = greatest(last_at, (SELECT max(at) FROM gone))
  WHERE district = $1
), alike AS (
  SELECT street, unit, squad, class, source, month, CASE WHEN day > 0 AND day < $2::int THEN 1 ELSE day END AS day, sum(filed) AS filed,
    sum(dispatched) AS dispatched, sum(closed) AS closed, sum(closed_on_time) AS closed_on_time, sum(ended) AS ended,
    sum(ended_reworked) AS ended_reworked, sum(ended_extended) AS ended_extended, sum(open_at_end) AS open_at_end, sum(awaiting) AS awaiting,
    sum(enforcement) AS enforcement, sum(undone) AS undone, sum(undone_carried) AS undone_carried, sum(undone_reworked) AS undone_reworked,
    sum(undone_extended) AS undone_extended
  FROM gone GROUP BY 1, 2, 3, 4, 5, 6, 7
), spread AS (
  SELECT w.within, k.by, a.month, a.day, k.key, filed, dispatched, closed, closed_on_time, ended, ended_reworked, ended_extended, open_at_end,
    awaiting, enforcement, undone, undone_carried, undone_reworked, undone_extended
  FROM alike a,
    LATERAL (VALUES (''), ('street=' || street), ('unit=' || unit), ('squad=' || unit || '/' || squad)) w(within),
    LATERAL (VALUES ('district', $1::text), ('street', street), ('unit', unit), ('squad', squad), ('class', class), ('source', source)) k(by, key)
  UNION ALL
  SELECT within, by, month, 1, key, filed, dispatched, closed, closed_on_time, ended, ended_reworked, ended_extended, open_at_end,
    awaiting, enforcement, undone, undone_carried, undone_reworked, undone_extended
  FROM past
)
INSERT INTO figure_rollup AS r
SELECT $1, within, by, month, day, key, sum(filed), sum(dispatched), sum(closed), sum(closed_on_time), sum(ended), sum(ended_reworked),
  sum(ended_extended), sum(open_at_end), sum(awaiting), sum(enforcement), sum(undone), sum(undone_carried), sum(undone_reworked), sum(undone_extended)
FROM spread GROUP BY within, by, month, day, key
ON CONFLICT (district, within, by, month, day, key) DO UPDATE SET
  filed = r.filed + excluded.filed, dispatched = r.dispatched + excluded.dispatched, closed = r.closed + excluded.closed,
  closed_on_time = r.closed_on_time + excluded.closed_on_time, ended = r.ended + excluded.ended,
  ended_reworked = r.ended_reworked + excluded.ended_reworked, ended_extended = r.ended_extended + excluded.ended_extended,
  open_at_end = r.open_at_end + excluded.open_at_end, awaiting = r.awaiting + excluded.awaiting,
  enforcement = r.enforcement + excluded.enforcement, undone = r.undone + excluded.undone,
  undone_carried = r.undone_carried + excluded.undone_carried, undone_reworked = r.undone_reworked + excluded.undone_reworked,
  undone_extended = r.undone_extended + excluded.undone_extended
