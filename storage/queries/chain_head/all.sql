-- Every chain's head, for the copy that is signed and taken elsewhere; a handful of rows.
SELECT district, chain, seq, encode(hash, 'hex') FROM chain_head WHERE seq > 0 ORDER BY district, chain
