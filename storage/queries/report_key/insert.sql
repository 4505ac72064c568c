-- Frozen answers. A key or report that is there already gives no row back: the whole batch is decided again.
INSERT INTO report_key (district, principal, key, body_hash, report_id, case_no, case_state, place_unusable, recorded_at)
SELECT $1, t.principal, t.key, t.body_hash, t.report_id, t.case_no, t.case_state, t.place_unusable, instant($2::bigint)
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[])
  AS t(principal, key, body_hash, report_id, case_no, case_state, place_unusable)
ON CONFLICT DO NOTHING
