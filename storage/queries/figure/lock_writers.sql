-- Waits for every transaction that counts by the months as they were, and holds the next ones back. By key.
SELECT epoch FROM fence WHERE district = $1 FOR UPDATE
