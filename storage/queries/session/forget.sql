-- Sessions that ended long ago.
DELETE FROM session WHERE coalesce(ended_at, expires_at) < instant($1::bigint)
