-- The epochs as they stand, to tell a repeated `received` from one of an old epoch.
SELECT task_id, epoch FROM task WHERE district = $1 AND task_id = ANY ($2::text[])
