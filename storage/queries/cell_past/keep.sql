-- Those that came back as they were never went.
DELETE FROM cell_past p USING cell c
WHERE p.district = $1 AND p.retired_in = $2::bigint AND c.district = p.district AND c.grid = p.grid
  AND ST_AsBinary(c.shape) = ST_AsBinary(p.shape)
