-- Set aside with what it was and why; the first reason stays.
INSERT INTO dead_letter (district, kind, id, payload, error) VALUES ($1, $2, $3, decode($4, 'hex'), $5) ON CONFLICT DO NOTHING
