-- Cases that moved, compared by version: fewer rows than asked means that a version moved meanwhile. Found by primary
-- key. An empty dispatched_by keeps the one there is.
UPDATE cases c SET
  version = t.version, report_id = t.report_id, state = t.state, opened_at = instant(t.opened_at), last_at =
  instant(t.last_at), backdated = t.backdated, key_conflict = t.key_conflict, source = t.source, reporter =
  t.reporter, standard = t.standard, kind = t.kind, code = t.code, class_code = t.class_code, condition = t.condition,
  description = t.description, address = t.address, lon = t.lon, lat = t.lat, grid = t.grid, street = t.street,
  community = t.community, component_id = t.component_id, place_unusable = t.place_unusable, photos =
  string_to_array(t.photos, ','), twins = string_to_array(t.twins, ','), unit = t.unit, squad = t.squad, holder =
  t.holder, route_rule = t.route_rule, explain = t.explain, clock = t.clock, limit_minutes = t.limit_minutes, due_at =
  instant(t.due_at), warn_at = instant(t.warn_at), left_ms = t.left_ms, provisional = t.provisional, accepted_at =
  instant(t.accepted_at), filed_at = instant(t.filed_at), dispatched_at = instant(t.dispatched_at), signed_at =
  instant(t.signed_at), disposed_at = instant(t.disposed_at), handed_over_at = instant(t.handed_over_at), late =
  t.late, checked_at = instant(t.checked_at), closed_at = instant(t.closed_at), closing_condition =
  t.closing_condition, returns = t.returns, rework = t.rework, wrong_dispatch = t.wrong_dispatch, check_mode =
  t.check_mode, pending_request = t.pending_request, requested_by = t.requested_by, requested_at =
  instant(t.requested_at), exempt = t.exempt, dispatched_by = CASE WHEN t.dispatched_by = '' THEN c.dispatched_by ELSE
  t.dispatched_by END
FROM unnest(
  $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::boolean[], $9::boolean[],
  $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[],
  $19::float8[], $20::float8[], $21::text[], $22::text[], $23::text[], $24::text[], $25::boolean[], $26::text[],
  $27::text[], $28::text[], $29::text[], $30::text[], $31::text[], $32::text[], $33::text[], $34::bigint[],
  $35::bigint[], $36::bigint[], $37::bigint[], $38::boolean[], $39::bigint[], $40::bigint[], $41::bigint[],
  $42::bigint[], $43::bigint[], $44::bigint[], $45::boolean[], $46::bigint[], $47::bigint[], $48::text[],
  $49::bigint[], $50::bigint[], $51::boolean[], $52::text[], $53::text[], $54::text[], $55::bigint[], $56::boolean[],
  $57::text[], $58::bigint[]
) AS t(
  case_no, version, report_id, state, opened_at, last_at, backdated, key_conflict, source, reporter, standard, kind,
  code, class_code, condition, description, address, lon, lat, grid, street, community, component_id, place_unusable,
  photos, twins, unit, squad, holder, route_rule, explain, clock, limit_minutes, due_at, warn_at, left_ms,
  provisional, accepted_at, filed_at, dispatched_at, signed_at, disposed_at, handed_over_at, late, checked_at,
  closed_at, closing_condition, returns, rework, wrong_dispatch, check_mode, pending_request, requested_by,
  requested_at, exempt, dispatched_by, version_before)
WHERE c.district = $1 AND c.case_no = t.case_no AND c.version = t.version_before
