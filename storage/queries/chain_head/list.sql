-- Every chain with its head, for verification.
SELECT district, chain, seq, encode(hash, 'hex') FROM chain_head ORDER BY district, chain
