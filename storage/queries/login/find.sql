-- Everybody of that name, or whom the city's sign-on calls so ($2), in whatever district, with all roles. By login_name, login_subject.
SELECT l.district, l.name, l.password_hash, l.must_change, millis(l.password_at), l.disabled, l.subject, encode(l.totp_key, 'hex'),
  encode(l.totp_offered, 'hex'), l.totp_step, cardinality(l.recovery), millis(l.created_at),
  (SELECT millis(max(s.seen_at)) FROM session s WHERE s.district = l.district AND s.name = l.name), a.role, a.street, a.unit, a.squad
FROM login l JOIN account a USING (district, name)
WHERE ($1 <> '' AND l.name = $1) OR ($2 <> '' AND (l.subject = $2 OR (l.subject = '' AND l.name = $2)))
ORDER BY l.district, a.role LIMIT 64
