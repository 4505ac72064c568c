-- The same password, hashed as it is done today.
UPDATE login SET password_hash = $4 WHERE district = $1 AND name = $2 AND password_hash = $3
