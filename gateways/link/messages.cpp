#include "gateways/link/messages.hpp"

namespace wangge::link {

namespace {

std::int64_t millis(core::Instant at) { return at.time_since_epoch().count(); }

void fill(v1::Category& m, core::CategoryKey const& key) {
  m.set_standard(key.standard);
  m.set_kind(key.kind);
  m.set_code(key.code);
}

}  // namespace

v1::Report to_message(core::Report const& r) {
  v1::Report m;
  m.set_district(r.district);
  m.set_principal(r.principal);
  m.set_key(r.key);
  m.set_body_hash(r.body_hash);
  m.set_source(r.source);
  fill(*m.mutable_category(), r.category);
  m.set_condition(r.condition);
  m.set_description(r.description);
  m.set_address(r.address);
  m.set_component_id(r.component_id);
  m.set_lon(r.lon);
  m.set_lat(r.lat);
  for (auto const& photo : r.photos) m.add_photos(photo);
  for (auto const& photo : r.before_photos) m.add_before_photos(photo);
  for (auto const& photo : r.after_photos) m.add_after_photos(photo);
  if (r.confidence) m.set_confidence(*r.confidence);
  m.set_self_disposed(r.self_disposed);
  m.set_reporter_name(r.reporter_name);
  m.set_reporter_phone(r.reporter_phone);
  m.set_extras(r.extras);
  for (auto const& [name, value] : r.measures) {
    auto& measure = *m.add_measures();
    measure.set_name(name);
    measure.set_value(value);
  }
  m.set_upstream_system(r.upstream_system);
  m.set_upstream_number(r.upstream_number);
  if (r.upstream_due_at) m.set_upstream_due_at(millis(*r.upstream_due_at));
  m.set_reported_at(millis(r.reported_at));
  m.set_received_at(millis(r.received_at));
  if (r.at) m.set_at(millis(*r.at));
  m.set_role(std::string(core::id(r.role)));
  return m;
}

v1::Envelope to_envelope(std::string const& spool_id, spool::Record const& record, std::int64_t epoch) {
  v1::Envelope e;
  auto& m = *e.mutable_report();
  m.set_spool_id(spool_id);
  m.set_seq(record.seq);
  m.set_report_id(record.report_id);
  m.set_case_no(record.case_no);
  m.set_answered(record.answered);
  m.set_refused(record.refused);
  m.set_epoch(epoch);
  if (!record.payload.empty() && m.mutable_report()->ParseFromString(record.payload)) return e;
  auto& damaged = *m.mutable_report();
  damaged.Clear();
  damaged.set_district(record.district);
  damaged.set_principal(record.principal);
  damaged.set_key(record.key);
  damaged.set_body_hash(record.body_hash);
  damaged.set_received_at(millis(record.received_at));
  return e;
}

v1::Principal to_message(core::Principal const& p) {
  v1::Principal m;
  m.set_name(p.name);
  m.set_role(std::string(core::id(p.role)));
  m.set_district(p.district);
  m.set_street(p.street);
  m.set_unit(p.unit);
  m.set_squad(p.squad);
  m.set_backdate(p.backdate);
  return m;
}

v1::Envelope to_envelope(std::string const& correlation, core::Command const& c) {
  v1::Envelope e;
  auto& m = *e.mutable_command();
  m.set_correlation(correlation);
  m.set_command_id(c.command_id);
  m.set_body_hash(c.body_hash);
  *m.mutable_who() = to_message(c.who);
  m.set_action(c.action);
  m.set_case_no(c.case_no);
  m.set_version(c.version);
  m.set_received_at(millis(c.received_at));
  if (c.at) m.set_at(millis(*c.at));
  auto& in = *m.mutable_input();
  in.set_reason(c.input.reason);
  in.set_opinion(c.input.opinion);
  in.set_result(c.input.result);
  in.set_closing_condition(c.input.closing_condition);
  in.set_condition(c.input.condition);
  in.set_check_mode(c.input.check_mode);
  in.set_unit(c.input.unit);
  in.set_squad(c.input.squad);
  in.set_holder(c.input.holder);
  in.set_address(c.input.address);
  in.set_component_id(c.input.component_id);
  in.set_text(c.input.text);
  if (c.input.category) fill(*in.mutable_category(), *c.input.category);
  if (c.input.lon) in.set_lon(*c.input.lon);
  if (c.input.lat) in.set_lat(*c.input.lat);
  for (auto const& photo : c.input.photos) in.add_photos(photo);
  in.set_request_id(c.input.request_id);
  in.set_into(c.input.into);
  in.set_number(c.input.number);
  in.set_satisfaction(c.input.satisfaction);
  in.set_milestone(c.input.milestone);
  in.set_as_rule(c.input.as_rule);
  if (c.input.until) in.set_until(millis(*c.input.until));
  for (auto const& unit : c.input.assist) in.add_assist(unit);
  in.set_source(c.input.source);
  in.set_name(c.input.name);
  in.set_phone(c.input.phone);
  if (c.input.sign_by) in.set_sign_by(millis(*c.input.sign_by));
  if (c.input.return_by) in.set_return_by(millis(*c.input.return_by));
  return e;
}

}  // namespace wangge::link
