-- One deed, chained by the connection that writes it.
INSERT INTO audit (district, actor, role, deed, subject, detail, recorded_at, chain, chain_seq, hash)
VALUES ($1, $2, $3, $4, $5, $6, instant($7::bigint), $8, $9::bigint, decode($10, 'hex'))
