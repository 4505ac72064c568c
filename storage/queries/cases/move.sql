-- As update.sql, for the steps of an ordinary life: only what those move (kMoving in codec.cpp). Writing every column costs
-- a third more.
UPDATE cases c SET
  version = t.version, state = t.state, last_at = instant(t.last_at), condition = t.condition, unit = t.unit,
  squad = t.squad, holder = t.holder, route_rule = t.route_rule, explain = t.explain, clock = t.clock,
  limit_minutes = t.limit_minutes, due_at = instant(t.due_at), warn_at = instant(t.warn_at),
  accepted_at = instant(t.accepted_at), filed_at = instant(t.filed_at), dispatched_at = instant(t.dispatched_at),
  stage_due_at = instant(t.stage_due_at), catalogue_version = t.catalogue_version, run_from = instant(t.run_from),
  run_left_ms = t.run_left_ms, milestone = t.milestone, milestone_due_at = instant(t.milestone_due_at),
  left_ms = t.left_ms, signed_at = instant(t.signed_at), disposed_at = instant(t.disposed_at),
  handed_over_at = instant(t.handed_over_at), late = t.late, checked_at = instant(t.checked_at),
  closed_at = instant(t.closed_at), closing_condition = t.closing_condition, returns = t.returns, rework = t.rework,
  check_mode = t.check_mode, requests = t.requests, verify_result = t.verify_result, stage_left_ms = t.stage_left_ms,
  late_stages = string_to_array(t.late_stages, ','), late_milestones = string_to_array(t.late_milestones, ','),
  checked_lon = t.checked_lon, checked_lat = t.checked_lat,
  dispatched_by = CASE WHEN t.dispatched_by = '' THEN c.dispatched_by ELSE t.dispatched_by END
FROM unnest(
  $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
  $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[],
  $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::text[], $24::bigint[], $25::bigint[],
  $26::bigint[], $27::bigint[], $28::bigint[], $29::boolean[], $30::bigint[], $31::bigint[], $32::text[],
  $33::bigint[], $34::bigint[], $35::text[], $36::text[], $37::text[], $38::bigint[], $39::text[], $40::text[],
  $41::float8[], $42::float8[], $43::text[], $44::bigint[]
) AS t(
  case_no, version, state, last_at, condition, unit, squad, holder, route_rule, explain, clock, limit_minutes,
  due_at, warn_at, accepted_at, filed_at, dispatched_at, stage_due_at, catalogue_version, run_from, run_left_ms,
  milestone, milestone_due_at, left_ms, signed_at, disposed_at, handed_over_at, late, checked_at, closed_at,
  closing_condition, returns, rework, check_mode, requests, verify_result, stage_left_ms, late_stages,
  late_milestones, checked_lon, checked_lat, dispatched_by, version_before
)
WHERE c.case_no = t.case_no AND c.version = t.version_before AND c.ctid = ANY (ARRAY (  -- each is looked up, whatever the statistics say
  SELECT o.ctid FROM unnest($2::text[]) AS k(case_no) CROSS JOIN LATERAL (
    SELECT ctid FROM cases WHERE district = $1 AND case_no = k.case_no OFFSET 0) o))
