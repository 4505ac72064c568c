-- New cases of one batch: the columns of core::for_each_opening_field, the others begin with their defaults. The answer's
-- row count must equal the batch's.
INSERT INTO cases (
  district, case_no, version, report_id, state, opened_at, last_at, backdated, key_conflict, source, reporter,
  standard, kind, code, class_code, condition, description, address, lon, lat, grid, street, community, component_id,
  place_unusable, photos, twins, unit, squad, holder, route_rule, explain, clock, limit_minutes, due_at, warn_at,
  provisional, accepted_at, filed_at, dispatched_at, stage_due_at, follows, area_level, catalogue_version, campaign,
  flags, run_from, run_left_ms, milestone, milestone_due_at, dispatched_by)
SELECT
  $1, t.case_no, t.version, t.report_id, t.state, instant(t.opened_at), instant(t.last_at), t.backdated,
  t.key_conflict, t.source, t.reporter, t.standard, t.kind, t.code, t.class_code, t.condition, t.description,
  t.address, t.lon, t.lat, t.grid, t.street, t.community, t.component_id, t.place_unusable,
  string_to_array(t.photos, ','), string_to_array(t.twins, ','), t.unit, t.squad, t.holder, t.route_rule, t.explain,
  t.clock, t.limit_minutes, instant(t.due_at), instant(t.warn_at), t.provisional, instant(t.accepted_at),
  instant(t.filed_at), instant(t.dispatched_at), instant(t.stage_due_at), t.follows, t.area_level,
  t.catalogue_version, t.campaign, string_to_array(t.flags, ','), instant(t.run_from), t.run_left_ms, t.milestone,
  instant(t.milestone_due_at), t.dispatched_by
FROM unnest(
  $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::boolean[], $9::boolean[],
  $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
  $18::text[], $19::float8[], $20::float8[], $21::text[], $22::text[], $23::text[], $24::text[], $25::boolean[],
  $26::text[], $27::text[], $28::text[], $29::text[], $30::text[], $31::text[], $32::text[], $33::text[],
  $34::bigint[], $35::bigint[], $36::bigint[], $37::boolean[], $38::bigint[], $39::bigint[], $40::bigint[],
  $41::bigint[], $42::text[], $43::text[], $44::bigint[], $45::text[], $46::text[], $47::bigint[], $48::bigint[],
  $49::text[], $50::bigint[], $51::text[]
) AS t(
  case_no, version, report_id, state, opened_at, last_at, backdated, key_conflict, source, reporter, standard, kind,
  code, class_code, condition, description, address, lon, lat, grid, street, community, component_id, place_unusable,
  photos, twins, unit, squad, holder, route_rule, explain, clock, limit_minutes, due_at, warn_at, provisional,
  accepted_at, filed_at, dispatched_at, stage_due_at, follows, area_level, catalogue_version, campaign, flags,
  run_from, run_left_ms, milestone, milestone_due_at, dispatched_by)
