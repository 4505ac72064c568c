-- A second connection of the same epoch; no row back when the epoch has passed.
UPDATE fence SET backend_pids = backend_pids || pg_backend_pid()
WHERE district = $1 AND epoch = $2::bigint AND NOT backend_pids @> ARRAY[pg_backend_pid()]
RETURNING epoch
