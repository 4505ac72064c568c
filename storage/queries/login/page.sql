-- The district's people by name, behind $2; $3 is part of a name or '', $4 a role or ''. $5 names at most.
SELECT l.district, l.name, l.password_hash, l.must_change, millis(l.password_at), l.disabled, l.subject, encode(l.totp_key, 'hex'),
  encode(l.totp_offered, 'hex'), l.totp_step, cardinality(l.recovery), millis(l.created_at),
  (SELECT millis(max(s.seen_at)) FROM session s WHERE s.district = l.district AND s.name = l.name), a.role, a.street, a.unit, a.squad
FROM (SELECT * FROM login WHERE district = $1 AND name > $2 AND ($3 = '' OR strpos(lower(name), lower($3)) > 0)
        AND ($4 = '' OR EXISTS (SELECT FROM account h WHERE h.district = login.district AND h.name = login.name AND h.role = $4))
      ORDER BY name LIMIT $5::bigint) l
JOIN account a USING (district, name)
ORDER BY l.name, a.role
