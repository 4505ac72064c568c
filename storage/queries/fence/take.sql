-- A new epoch with this connection as its only writer. On another timeline than before (restored, promoted) the epoch
-- leaps, because take-overs may be among what was lost and no epoch may come twice; and numbers of days up to tomorrow
-- (time zones) go on from the next unused multiple of 100,000.
UPDATE fence f SET holder = $2, backend_pids = ARRAY[pg_backend_pid()],
  epoch = f.epoch + CASE WHEN f.timeline IN ('', t.now) THEN 1 ELSE 1000 END,
  timeline = t.now,
  number_floor = CASE WHEN f.timeline IN ('', t.now) THEN f.number_floor ELSE
    (SELECT (greatest(coalesce(max(n.next), 1), f.number_floor) / 100000 + 1) * 100000 FROM case_number n WHERE n.district = $1) END,
  floor_day = CASE WHEN f.timeline IN ('', t.now) THEN f.floor_day ELSE to_char(now() + interval '1 day', 'YYYYMMDD') END
FROM (SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8) AS now) t
WHERE f.district = $1
RETURNING f.epoch
