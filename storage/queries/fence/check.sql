-- The first statement of every transaction: nobody can take over while it runs.
SELECT epoch FROM fence WHERE district = $1 FOR SHARE
