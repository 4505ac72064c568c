-- The months as they stand: number and T.
SELECT month, millis(from_at), millis(to_at), millis(read_at) FROM figure_month WHERE district = $1
