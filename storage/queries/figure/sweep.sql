-- Days on which nothing open is due any more.
DELETE FROM figure_rollup WHERE district = $1 AND day > 0 AND undone = 0 AND undone_reworked = 0 AND undone_extended = 0
