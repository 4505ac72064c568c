-- Every token of a name; by token_name.
UPDATE token SET revoked = true WHERE district = $1 AND name = $2 AND NOT revoked
