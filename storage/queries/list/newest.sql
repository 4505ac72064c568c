-- The newest month that has lists, or will have.
SELECT listed FROM figure_state WHERE district = $1
