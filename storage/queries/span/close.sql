-- Ends the open span of each case. Uses span_open; a case has at most one.
UPDATE span s SET until_at = instant(t.until_at), ended = t.ended, effect_at = instant(t.effect_at),
  effect_due_at = instant(t.effect_due_at)
FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[]) AS t(case_no, until_at, ended, effect_at, effect_due_at)
WHERE s.case_no = t.case_no AND s.ctid = ANY (ARRAY (  -- each is looked up, whatever the statistics say
  SELECT o.ctid FROM unnest($2::text[]) AS k(case_no) CROSS JOIN LATERAL (
    SELECT ctid FROM span WHERE district = $1 AND case_no = k.case_no AND until_at IS NULL OFFSET 0) o))
