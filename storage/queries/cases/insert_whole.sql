-- New cases that are further in their life than a report brings them (all columns). As cases/insert.sql else.
INSERT INTO cases (
  district, case_no, version, report_id, state, opened_at, last_at, backdated, key_conflict, source, reporter,
  standard, kind, code, class_code, condition, description, address, lon, lat, grid, street, community,
  component_id, place_unusable, photos, twins, unit, squad, holder, route_rule, explain, clock, limit_minutes,
  due_at, warn_at, provisional, accepted_at, filed_at, dispatched_at, stage_due_at, follows, run_from, run_left_ms,
  milestone, milestone_due_at, left_ms, signed_at, disposed_at, handed_over_at, late, checked_at, closed_at,
  closing_condition, returns, rework, wrong_dispatch, check_mode, exempt, requests, return_approved, binding,
  verify_result, extensions, suspensions, pause_kind, suspended_until, urgent, made_safe_at, safe_checked_at,
  supervised, urges, instructions, merged_into, duplicates, followed_by, enforcement_no, enforcement_step,
  replied_at, satisfaction, appeal, stage_left_ms, late_stages, orders, late_milestones, dispatched_by)
SELECT
  $1, t.case_no, t.version, t.report_id, t.state, instant(t.opened_at), instant(t.last_at), t.backdated,
  t.key_conflict, t.source, t.reporter, t.standard, t.kind, t.code, t.class_code, t.condition, t.description,
  t.address, t.lon, t.lat, t.grid, t.street, t.community, t.component_id, t.place_unusable,
  string_to_array(t.photos, ','), string_to_array(t.twins, ','), t.unit, t.squad, t.holder, t.route_rule, t.explain,
  t.clock, t.limit_minutes, instant(t.due_at), instant(t.warn_at), t.provisional, instant(t.accepted_at),
  instant(t.filed_at), instant(t.dispatched_at), instant(t.stage_due_at), t.follows, instant(t.run_from),
  t.run_left_ms, t.milestone, instant(t.milestone_due_at), t.left_ms, instant(t.signed_at), instant(t.disposed_at),
  instant(t.handed_over_at), t.late, instant(t.checked_at), instant(t.closed_at), t.closing_condition, t.returns,
  t.rework, t.wrong_dispatch, t.check_mode, t.exempt, t.requests, t.return_approved, t.binding, t.verify_result,
  t.extensions, t.suspensions, t.pause_kind, instant(t.suspended_until), t.urgent, instant(t.made_safe_at),
  instant(t.safe_checked_at), t.supervised, t.urges, t.instructions, t.merged_into, t.duplicates, t.followed_by,
  t.enforcement_no, t.enforcement_step, instant(t.replied_at), t.satisfaction, t.appeal, t.stage_left_ms,
  string_to_array(t.late_stages, ','), t.orders, string_to_array(t.late_milestones, ','), t.dispatched_by
FROM unnest(
  $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::boolean[], $9::boolean[],
  $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
  $18::text[], $19::float8[], $20::float8[], $21::text[], $22::text[], $23::text[], $24::text[], $25::boolean[],
  $26::text[], $27::text[], $28::text[], $29::text[], $30::text[], $31::text[], $32::text[], $33::text[],
  $34::bigint[], $35::bigint[], $36::bigint[], $37::boolean[], $38::bigint[], $39::bigint[], $40::bigint[],
  $41::bigint[], $42::text[], $43::bigint[], $44::bigint[], $45::text[], $46::bigint[], $47::bigint[],
  $48::bigint[], $49::bigint[], $50::bigint[], $51::boolean[], $52::bigint[], $53::bigint[], $54::text[],
  $55::bigint[], $56::bigint[], $57::boolean[], $58::text[], $59::boolean[], $60::text[], $61::boolean[],
  $62::boolean[], $63::text[], $64::bigint[], $65::bigint[], $66::text[], $67::bigint[], $68::boolean[],
  $69::bigint[], $70::bigint[], $71::bigint[], $72::bigint[], $73::bigint[], $74::text[], $75::bigint[],
  $76::text[], $77::text[], $78::text[], $79::bigint[], $80::text[], $81::text[], $82::bigint[], $83::text[],
  $84::text[], $85::text[], $86::text[]
) AS t(
  case_no, version, report_id, state, opened_at, last_at, backdated, key_conflict, source, reporter, standard, kind,
  code, class_code, condition, description, address, lon, lat, grid, street, community, component_id,
  place_unusable, photos, twins, unit, squad, holder, route_rule, explain, clock, limit_minutes, due_at, warn_at,
  provisional, accepted_at, filed_at, dispatched_at, stage_due_at, follows, run_from, run_left_ms, milestone,
  milestone_due_at, left_ms, signed_at, disposed_at, handed_over_at, late, checked_at, closed_at, closing_condition,
  returns, rework, wrong_dispatch, check_mode, exempt, requests, return_approved, binding, verify_result,
  extensions, suspensions, pause_kind, suspended_until, urgent, made_safe_at, safe_checked_at, supervised, urges,
  instructions, merged_into, duplicates, followed_by, enforcement_no, enforcement_step, replied_at, satisfaction,
  appeal, stage_left_ms, late_stages, orders, late_milestones, dispatched_by)
