-- The tab has no case open any more; and whatever tab was not heard of for ten minutes goes with it.
DELETE FROM presence WHERE district = $1 AND ((name = $2 AND seat = $3) OR seen_at < now() - interval '10 minutes')
