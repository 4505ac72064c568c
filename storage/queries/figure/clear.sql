-- Before a rebuild: all that its snapshot sees. What is written meanwhile stays, and adds to what the rebuild finds.
WITH d AS (DELETE FROM figure_delta WHERE district = $1) DELETE FROM figure_rollup WHERE district = $1
