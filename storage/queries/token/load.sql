-- Tokens that open a door today. The whole table, at a change only.
SELECT encode(sha256, 'hex'), name, role, district, street, unit, squad, sources::text, backdate,
  (extract(epoch FROM expires_at) * 1000)::bigint
FROM token WHERE NOT revoked AND expires_at > now() ORDER BY district, sha256
