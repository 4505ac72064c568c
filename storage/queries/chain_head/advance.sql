-- Moves the head in the same transaction as its rows; no row back means that somebody else writes this chain.
UPDATE chain_head SET seq = $4::bigint, hash = decode($5, 'hex') WHERE district = $1 AND chain = $2 AND seq = $3::bigint
