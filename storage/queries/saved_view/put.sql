-- A view of $3, new or changed by its owner; nothing where the id is another's, or he has $7 already.
INSERT INTO saved_view (district, view_id, owner, name, query, shared)
SELECT $1, $2, $3, $4, $5, $6::boolean
WHERE (SELECT count(*) FROM saved_view WHERE district = $1 AND owner = $3 AND view_id <> $2) < $7::int
ON CONFLICT (district, view_id) DO UPDATE SET name = EXCLUDED.name, query = EXCLUDED.query, shared = EXCLUDED.shared
WHERE saved_view.owner = $3
RETURNING view_id
