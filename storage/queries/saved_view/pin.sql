-- A view that one sees is pinned.
INSERT INTO saved_view_pin (district, name, view_id)
SELECT $1, $2, view_id FROM saved_view WHERE district = $1 AND view_id = $3 AND (owner = $2 OR shared)
ON CONFLICT DO NOTHING
