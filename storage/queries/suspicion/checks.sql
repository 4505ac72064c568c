-- Answered checks of a period ($2-$3) with what makes them plausible: when it was sent, where the case lies, where the
-- checker stood, what a second look found. Cases played in from elsewhere have times of their own and are left out.
SELECT h.case_no, h.actor, c.unit, c.squad, h.to_state = 'pending_close', millis(p.at), millis(h.at), array_to_string(h.photos, ','),
  c.lon, c.lat, c.checked_lon, c.checked_lat, c.blind
FROM history h
JOIN cases c ON c.district = h.district AND c.case_no = h.case_no
JOIN LATERAL (
  SELECT s.at FROM history s
  WHERE s.district = h.district AND s.case_no = h.case_no AND s.version = h.version - 1 AND NOT s.transport LIMIT 1) p ON true
WHERE h.district = $1 AND h.recorded_at >= instant($2::bigint) AND h.recorded_at < instant($3::bigint) AND h.action = 'check'
  AND h.from_state = 'checking' AND h.to_state IN ('pending_close', 'pending_dispose') AND NOT h.transport AND NOT c.backdated
ORDER BY h.at, h.case_no, h.version
