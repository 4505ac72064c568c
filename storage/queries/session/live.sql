-- Everybody who is signed in. By session_live; the whole of it, at a change only.
SELECT encode(s.sha256, 'hex'), s.session_id, s.district, s.name, s.role, a.street, a.unit, a.squad, s.how, s.address, s.agent,
  millis(s.opened_at), millis(s.seen_at), millis(s.expires_at), millis(s.ended_at), s.ended_why, l.must_change, l.totp_key <> ''
FROM session s JOIN account a USING (district, name, role) JOIN login l USING (district, name)
WHERE s.ended_at IS NULL AND s.expires_at > now() AND NOT l.disabled
