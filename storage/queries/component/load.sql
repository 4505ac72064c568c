-- The bodies that look after some components.
SELECT id, maintainer, owner FROM component WHERE district = $1 AND id = ANY ($2::text[])
