-- Somebody's tab has this case open ($5); `since` stands while it is the same one.
INSERT INTO presence AS p (district, name, seat, role, case_no, since, seen_at) VALUES ($1, $2, $3, $4, $5, now(), now())
ON CONFLICT (district, name, seat) DO UPDATE SET role = EXCLUDED.role, case_no = EXCLUDED.case_no, seen_at = now(),
  since = CASE WHEN p.case_no = EXCLUDED.case_no THEN p.since ELSE now() END
