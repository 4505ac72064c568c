-- No month has lists any more, until they are made anew.
DELETE FROM list_month WHERE district = $1
