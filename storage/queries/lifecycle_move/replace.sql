-- The core's table as the database's own: what is no longer in it goes, what is new comes.
WITH want AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS t(from_state, action, to_state)
), gone AS (
  DELETE FROM lifecycle_move m
  WHERE NOT EXISTS (SELECT FROM want w WHERE w.from_state = m.from_state AND w.action = m.action AND w.to_state = m.to_state)
)
INSERT INTO lifecycle_move (from_state, action, to_state)
SELECT DISTINCT from_state, action, to_state FROM want
ON CONFLICT DO NOTHING
