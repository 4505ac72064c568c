-- Those that came back with another shape were redrawn.
UPDATE cell_past p SET why = 'redrawn' FROM cell c
WHERE p.district = $1 AND p.retired_in = $2::bigint AND c.district = p.district AND c.grid = p.grid
