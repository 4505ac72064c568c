-- How far each spool has been committed.
SELECT spool_id, seq FROM spool_cursor WHERE district = $1
