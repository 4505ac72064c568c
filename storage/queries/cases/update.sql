-- Cases that moved, compared by version: fewer rows than asked means that a version moved meanwhile. Found by primary
-- key. An empty dispatched_by keeps the one there is.
UPDATE cases c SET
  version = t.version, report_id = t.report_id, state = t.state, opened_at = instant(t.opened_at),
  last_at = instant(t.last_at), backdated = t.backdated, key_conflict = t.key_conflict, source = t.source,
  reporter = t.reporter, standard = t.standard, kind = t.kind, code = t.code, class_code = t.class_code,
  condition = t.condition, description = t.description, address = t.address, lon = t.lon, lat = t.lat, grid = t.grid,
  street = t.street, community = t.community, component_id = t.component_id, place_unusable = t.place_unusable,
  photos = string_to_array(t.photos, ','), twins = string_to_array(t.twins, ','), unit = t.unit, squad = t.squad,
  holder = t.holder, route_rule = t.route_rule, explain = t.explain, clock = t.clock,
  limit_minutes = t.limit_minutes, due_at = instant(t.due_at), warn_at = instant(t.warn_at),
  provisional = t.provisional, accepted_at = instant(t.accepted_at), filed_at = instant(t.filed_at),
  dispatched_at = instant(t.dispatched_at), stage_due_at = instant(t.stage_due_at), follows = t.follows,
  area_level = t.area_level, catalogue_version = t.catalogue_version, campaign = t.campaign,
  flags = string_to_array(t.flags, ','), run_from = instant(t.run_from), run_left_ms = t.run_left_ms,
  milestone = t.milestone, milestone_due_at = instant(t.milestone_due_at), left_ms = t.left_ms,
  signed_at = instant(t.signed_at), disposed_at = instant(t.disposed_at), handed_over_at = instant(t.handed_over_at),
  late = t.late, checked_at = instant(t.checked_at), closed_at = instant(t.closed_at),
  closing_condition = t.closing_condition, returns = t.returns, rework = t.rework, wrong_dispatch = t.wrong_dispatch,
  check_mode = t.check_mode, exempt = t.exempt, requests = t.requests, return_approved = t.return_approved,
  binding = t.binding, verify_result = t.verify_result, extensions = t.extensions, suspensions = t.suspensions,
  pause_kind = t.pause_kind, suspended_until = instant(t.suspended_until), urgent = t.urgent,
  made_safe_at = instant(t.made_safe_at), safe_checked_at = instant(t.safe_checked_at), supervised = t.supervised,
  urges = t.urges, instructions = t.instructions, merged_into = t.merged_into, duplicates = t.duplicates,
  followed_by = t.followed_by, enforcement_no = t.enforcement_no, enforcement_step = t.enforcement_step,
  replied_at = instant(t.replied_at), satisfaction = t.satisfaction, appeal = t.appeal,
  stage_left_ms = t.stage_left_ms, late_stages = string_to_array(t.late_stages, ','), orders = t.orders,
  late_milestones = string_to_array(t.late_milestones, ','), checked_lon = t.checked_lon,
  checked_lat = t.checked_lat, blind = t.blind,
  dispatched_by = CASE WHEN t.dispatched_by = '' THEN c.dispatched_by ELSE t.dispatched_by END
FROM unnest(
  $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::boolean[], $9::boolean[],
  $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
  $18::text[], $19::float8[], $20::float8[], $21::text[], $22::text[], $23::text[], $24::text[], $25::boolean[],
  $26::text[], $27::text[], $28::text[], $29::text[], $30::text[], $31::text[], $32::text[], $33::text[],
  $34::bigint[], $35::bigint[], $36::bigint[], $37::boolean[], $38::bigint[], $39::bigint[], $40::bigint[],
  $41::bigint[], $42::text[], $43::text[], $44::bigint[], $45::text[], $46::text[], $47::bigint[], $48::bigint[],
  $49::text[], $50::bigint[], $51::bigint[], $52::bigint[], $53::bigint[], $54::bigint[], $55::boolean[],
  $56::bigint[], $57::bigint[], $58::text[], $59::bigint[], $60::bigint[], $61::boolean[], $62::text[],
  $63::boolean[], $64::text[], $65::boolean[], $66::boolean[], $67::text[], $68::bigint[], $69::bigint[],
  $70::text[], $71::bigint[], $72::boolean[], $73::bigint[], $74::bigint[], $75::bigint[], $76::bigint[],
  $77::bigint[], $78::text[], $79::bigint[], $80::text[], $81::text[], $82::text[], $83::bigint[], $84::text[],
  $85::text[], $86::bigint[], $87::text[], $88::text[], $89::text[], $90::float8[], $91::float8[], $92::text[],
  $93::text[], $94::bigint[]
) AS t(
  case_no, version, report_id, state, opened_at, last_at, backdated, key_conflict, source, reporter, standard, kind,
  code, class_code, condition, description, address, lon, lat, grid, street, community, component_id, place_unusable,
  photos, twins, unit, squad, holder, route_rule, explain, clock, limit_minutes, due_at, warn_at, provisional,
  accepted_at, filed_at, dispatched_at, stage_due_at, follows, area_level, catalogue_version, campaign, flags,
  run_from, run_left_ms, milestone, milestone_due_at, left_ms, signed_at, disposed_at, handed_over_at, late,
  checked_at, closed_at, closing_condition, returns, rework, wrong_dispatch, check_mode, exempt, requests,
  return_approved, binding, verify_result, extensions, suspensions, pause_kind, suspended_until, urgent,
  made_safe_at, safe_checked_at, supervised, urges, instructions, merged_into, duplicates, followed_by,
  enforcement_no, enforcement_step, replied_at, satisfaction, appeal, stage_left_ms, late_stages, orders,
  late_milestones, checked_lon, checked_lat, blind, dispatched_by, version_before)
WHERE c.case_no = t.case_no AND c.version = t.version_before AND c.ctid = ANY (ARRAY (  -- each is looked up, whatever the statistics say
  SELECT o.ctid FROM unnest($2::text[]) AS k(case_no) CROSS JOIN LATERAL (
    SELECT ctid FROM cases WHERE district = $1 AND case_no = k.case_no OFFSET 0) o))
