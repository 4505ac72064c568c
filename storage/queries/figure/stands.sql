-- Does the rollup answer, or are tables computed from spans? By keys; a district without cases needs none.
SELECT coalesce((SELECT built FROM figure_state WHERE district = $1), NOT EXISTS (SELECT FROM cases WHERE district = $1))
