-- Every chain there is, also one whose head was taken away.
SELECT DISTINCT district, chain, kind
FROM (SELECT DISTINCT district, chain, 'history' AS kind FROM history
      UNION SELECT DISTINCT district, chain, 'audit' FROM audit
      UNION SELECT district, chain, CASE WHEN chain LIKE 'audit/%' THEN 'audit' ELSE 'history' END FROM chain_head) c
ORDER BY district, chain
