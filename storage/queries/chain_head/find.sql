-- Where this writer's chain stands; the first row of a chain follows 32 zero bytes.
INSERT INTO chain_head AS h (district, chain, seq, hash) VALUES ($1, $2, 0, decode(repeat('00', 32), 'hex'))
ON CONFLICT (district, chain) DO UPDATE SET seq = h.seq
RETURNING seq, encode(hash, 'hex')
