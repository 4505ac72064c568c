-- Ends the old epoch's backends and waits for each up to 5 s. A process id may have gone to somebody else: only our own
-- writers are ended, known by their application name.
SELECT pg_terminate_backend(a.pid, 5000)
FROM fence f JOIN pg_stat_activity a ON a.pid = ANY (f.backend_pids)
WHERE f.district = $1 AND a.pid <> pg_backend_pid() AND a.application_name = 'wangge writer'
