-- Does the rollup answer, or are tables computed from spans? No row: no dispatcher served the district yet. By key.
SELECT built FROM figure_state WHERE district = $1
