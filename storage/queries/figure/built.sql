-- A rebuild is done.
UPDATE figure_state SET built = true WHERE district = $1
