-- Makes an account or changes its scope.
INSERT INTO account (district, name, role, street, unit, squad) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (district, name, role) DO UPDATE SET street = excluded.street, unit = excluded.unit, squad = excluded.squad
