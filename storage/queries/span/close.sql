-- Ends the open span of each case. Uses span_open; a case has at most one.
UPDATE span s SET until_at = instant(t.until_at), ended = t.ended
FROM unnest($2::text[], $3::bigint[], $4::text[]) AS t(case_no, until_at, ended)
WHERE s.district = $1 AND s.case_no = t.case_no AND s.until_at IS NULL
