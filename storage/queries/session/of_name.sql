-- A name's sessions, the newest first, ended ones too. By session_name.
SELECT encode(s.sha256, 'hex'), s.session_id, s.district, s.name, s.role, a.street, a.unit, a.squad, s.how, s.address, s.agent,
  millis(s.opened_at), millis(s.seen_at), millis(s.expires_at), millis(s.ended_at), s.ended_why, l.must_change, l.totp_key <> ''
FROM session s JOIN account a USING (district, name, role) JOIN login l USING (district, name)
WHERE s.district = $1 AND s.name = $2 ORDER BY s.opened_at DESC, s.session_id LIMIT 50
