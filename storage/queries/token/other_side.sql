-- Does this name already stand on another side of the house, by an account or a token? By key and by token_name.
SELECT role FROM account WHERE district = $1 AND name = $2 AND side <> role_side($3)
UNION ALL
SELECT role FROM token WHERE district = $1 AND name = $2 AND side <> role_side($3) AND NOT revoked
LIMIT 1
