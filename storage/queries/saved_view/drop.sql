-- A view goes: its owner's word, or for a shared one a shift leader's ($4).
DELETE FROM saved_view WHERE district = $1 AND view_id = $2 AND (owner = $3 OR (shared AND $4::boolean)) RETURNING view_id
