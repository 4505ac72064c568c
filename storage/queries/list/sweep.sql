-- Notes that every list has seen.
DELETE FROM list_touched t WHERE t.district = $1
  AND NOT EXISTS (SELECT FROM list_month m WHERE m.district = $1 AND NOT pg_visible_in_snapshot(t.by_xact, m.seen))
