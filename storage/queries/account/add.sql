-- Makes an account unless it is there.
INSERT INTO account (district, name, role, street, unit, squad) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (district, name, role) DO NOTHING
