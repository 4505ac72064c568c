-- Who writes a district, read without a lock: a writer that lost its connection looks here before it takes over anew.
SELECT epoch FROM fence WHERE district = $1
