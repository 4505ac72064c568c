-- Makes an account or changes its scope and password.
INSERT INTO account (district, name, role, street, unit, squad, password_hash) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (district, name, role) DO UPDATE SET street = excluded.street, unit = excluded.unit, squad = excluded.squad,
  password_hash = excluded.password_hash
