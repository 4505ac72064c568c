-- Marks that a recount found wrong, by their places: read in this very transaction, and nothing ever changes a mark.
DELETE FROM case_mark WHERE district = $1 AND ctid = ANY ($2::text[]::tid[])
