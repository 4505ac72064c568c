-- Milliseconds since the owner's last beat, by the database's own clock. A beat from the future is one from before the
-- clock was set back: as old as it is far.
SELECT (abs(extract(epoch FROM clock_timestamp() - renewed_at)) * 1000)::bigint FROM beat WHERE district = $1
