-- Takes a recovery code, once.
UPDATE login SET recovery = array_remove(recovery, decode($3, 'hex')) WHERE district = $1 AND name = $2 AND decode($3, 'hex') = ANY (recovery)
