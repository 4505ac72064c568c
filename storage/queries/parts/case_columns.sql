-- A whole case row in the order of core::for_each_field: times in milliseconds, lists joined by commas.
  c.district, c.case_no, c.version, c.report_id, c.state, millis(c.opened_at), millis(c.last_at), c.backdated,
  c.key_conflict, c.source, c.reporter, c.standard, c.kind, c.code, c.class_code, c.condition, c.description,
  c.address, c.lon, c.lat, c.grid, c.street, c.community, c.component_id, c.place_unusable,
  array_to_string(c.photos, ','), array_to_string(c.twins, ','), c.unit, c.squad, c.holder, c.route_rule, c.explain,
  c.clock, c.limit_minutes, millis(c.due_at), millis(c.warn_at), c.provisional, millis(c.accepted_at),
  millis(c.filed_at), millis(c.dispatched_at), millis(c.stage_due_at), c.follows, millis(c.run_from), c.run_left_ms,
  c.milestone, millis(c.milestone_due_at), c.left_ms, millis(c.signed_at), millis(c.disposed_at),
  millis(c.handed_over_at), c.late, millis(c.checked_at), millis(c.closed_at), c.closing_condition, c.returns,
  c.rework, c.wrong_dispatch, c.check_mode, c.exempt, c.requests, c.return_approved, c.binding, c.verify_result,
  c.extensions, c.suspensions, c.pause_kind, millis(c.suspended_until), c.urgent, millis(c.made_safe_at),
  millis(c.safe_checked_at), c.supervised, c.urges, c.instructions, c.merged_into, c.duplicates, c.followed_by,
  c.enforcement_no, c.enforcement_step, millis(c.replied_at), c.satisfaction, c.appeal, c.stage_left_ms,
  array_to_string(c.late_stages, ','), c.orders, array_to_string(c.late_milestones, ','), c.dispatched_by
