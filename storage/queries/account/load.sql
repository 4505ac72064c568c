-- The roles of one name.
SELECT role, street, unit, squad, password_hash FROM account WHERE district = $1 AND name = $2 ORDER BY role
