-- Only one folds or rebuilds a district at a time.
SELECT built FROM figure_state WHERE district = $1 FOR UPDATE
