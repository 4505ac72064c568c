-- A new epoch with this connection as its only writer. On another timeline than before (restored, promoted) epoch and
-- numbers leap, because take-overs and numbers may be among what was lost and none may come twice: not in this life of
-- the database, and not in another one restored from the same backup, of which this one knows nothing. So they leap to
-- a place that only this second has: the seconds since 2026 began, thousands of epochs and hundred thousands of
-- numbers. Numbers of days up to tomorrow (time zones) are concerned.
UPDATE fence f SET holder = $2, backend_pids = ARRAY[pg_backend_pid()],
  epoch = CASE WHEN f.timeline IN ('', t.now) THEN f.epoch + 1 ELSE greatest(f.epoch + 1000, t.second * 1000) END,
  timeline = t.now,
  number_floor = CASE WHEN f.timeline IN ('', t.now) THEN f.number_floor ELSE
    (SELECT greatest(greatest(coalesce(max(n.next), 1), f.number_floor) / 100000 + 1, t.second) * 100000
     FROM case_number n WHERE n.district = $1) END,
  floor_day = CASE WHEN f.timeline IN ('', t.now) THEN f.floor_day ELSE to_char(now() + interval '1 day', 'YYYYMMDD') END
FROM (SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8) AS now,
             extract(epoch FROM now() - timestamptz '2026-01-01 00:00:00Z')::bigint AS second) t
WHERE f.district = $1
RETURNING f.epoch
