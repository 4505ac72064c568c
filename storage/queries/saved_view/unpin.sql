-- No longer pinned.
DELETE FROM saved_view_pin WHERE district = $1 AND name = $2 AND view_id = $3
