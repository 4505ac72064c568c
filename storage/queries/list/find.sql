-- The lists of the month from $2 to $3 read at its T ($4; $5 that of the month before), one row a case that was written since; at most $6 and one.
SELECT l.month, l.cases, t.case_no
FROM figure_month m JOIN list_month l ON l.district = m.district AND l.month = m.month AND l.read_at = m.read_at
    AND l.cluster = (SELECT system_identifier FROM pg_control_system())
  JOIN figure_month b ON b.district = m.district AND b.month = m.month - 1 AND b.read_at = instant($5::bigint)
  JOIN figure_state s ON s.district = m.district AND s.listed >= m.month  -- else nobody notes what is written
  LEFT JOIN (SELECT case_no, by_xact FROM list_touched WHERE district = $1) t ON NOT pg_visible_in_snapshot(t.by_xact, l.seen)
WHERE m.district = $1 AND m.from_at = instant($2::bigint) AND m.to_at = instant($3::bigint) AND m.read_at = instant($4::bigint)
LIMIT $6::int + 1
