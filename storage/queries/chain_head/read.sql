-- The head of one chain; a row of NULLs when it has none.
SELECT h.seq, encode(h.hash, 'hex')
FROM (SELECT 1) one LEFT JOIN chain_head h ON h.district = $1 AND h.chain = $2
