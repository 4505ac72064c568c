#include "dispatcher/engine/convert.hpp"

#include <cmath>

namespace wangge::engine {

namespace {

core::Instant instant(std::int64_t ms) { return core::Instant(core::Millis(ms)); }
std::int64_t millis(core::Instant at) { return at.time_since_epoch().count(); }

core::CategoryKey category(v1::Category const& m) { return {m.standard(), m.kind(), m.code()}; }

std::optional<core::Principal> principal(v1::Principal const& m) {
  auto const role = core::role_from(m.role());
  if (!role || m.name().empty() || m.district().empty()) return std::nullopt;
  core::Principal p;
  p.name = m.name();
  p.role = *role;
  p.district = m.district();
  p.street = m.street();
  p.unit = m.unit();
  p.squad = m.squad();
  p.backdate = m.backdate();
  return p;
}

template <class Repeated>
std::vector<std::string> strings(Repeated const& list) {
  return {list.begin(), list.end()};
}

core::ActionInput input(v1::ActionInput const& m) {
  core::ActionInput in;
  in.reason = m.reason();
  in.opinion = m.opinion();
  in.result = m.result();
  in.closing_condition = m.closing_condition();
  in.condition = m.condition();
  in.check_mode = m.check_mode();
  in.unit = m.unit();
  in.squad = m.squad();
  in.holder = m.holder();
  in.address = m.address();
  in.component_id = m.component_id();
  in.text = m.text();
  if (m.has_category()) in.category = category(m.category());
  if (m.has_lon()) in.lon = m.lon();
  if (m.has_lat()) in.lat = m.lat();
  in.photos = strings(m.photos());
  in.request_id = m.request_id();
  in.into = m.into();
  in.number = m.number();
  in.satisfaction = m.satisfaction();
  in.milestone = m.milestone();
  in.as_rule = m.as_rule();
  if (m.has_until()) in.until = instant(m.until());
  in.assist = strings(m.assist());
  in.source = m.source();
  in.name = m.name();
  in.phone = m.phone();
  if (m.has_sign_by()) in.sign_by = instant(m.sign_by());
  if (m.has_return_by()) in.return_by = instant(m.return_by());
  return in;
}

char const* unreadable(v1::SpooledReport const& m) {
  auto const& r = m.report();
  if (m.report_id().empty() || r.key().empty() || r.source().empty()) return "the spool's record is damaged";
  if (!core::role_from(r.role())) return "its role is not known here";
  if (!std::isfinite(r.lon()) || !std::isfinite(r.lat())) return "its place is no number";
  return "";
}

}  // namespace

std::optional<ReportIn> report_in(std::string peer, v1::SpooledReport const& m) {
  auto const& r = m.report();
  if (r.district().empty() || m.seq() <= 0 || m.spool_id().empty()) return std::nullopt;
  ReportIn in;
  in.peer = std::move(peer);
  in.spool_id = m.spool_id();
  in.seq = m.seq();
  in.payload = r.SerializeAsString();
  in.refused = m.refused();
  in.unreadable = unreadable(m);
  auto& out = in.report;
  out.report_id = m.report_id().empty() ? m.spool_id() + "/" + std::to_string(m.seq()) : m.report_id();
  out.district = r.district();
  out.principal = r.principal();
  out.key = r.key();
  out.body_hash = r.body_hash();
  out.answered = m.answered();
  out.case_no = m.case_no();
  out.source = r.source();
  out.category = category(r.category());
  out.condition = r.condition();
  out.description = r.description();
  out.address = r.address();
  out.component_id = r.component_id();
  out.lon = r.lon();
  out.lat = r.lat();
  out.photos = strings(r.photos());
  out.before_photos = strings(r.before_photos());
  out.after_photos = strings(r.after_photos());
  if (r.has_confidence()) out.confidence = r.confidence();
  out.self_disposed = r.self_disposed();
  out.reporter_name = r.reporter_name();
  out.reporter_phone = r.reporter_phone();
  out.extras = r.extras();
  for (auto const& measure : r.measures()) out.measures.emplace_back(measure.name(), measure.value());
  out.upstream_system = r.upstream_system();
  out.upstream_number = r.upstream_number();
  if (r.has_upstream_due_at()) out.upstream_due_at = instant(r.upstream_due_at());
  out.reported_at = instant(r.reported_at());
  out.received_at = instant(r.received_at());
  if (r.has_at()) out.at = instant(r.at());
  out.role = core::role_from(r.role()).value_or(core::Role::reporter);
  return in;
}

std::optional<CommandIn> command_in(std::string peer, v1::Command const& m) {
  auto who = principal(m.who());
  if (!who || m.command_id().empty() || m.correlation().empty()) return std::nullopt;
  CommandIn in;
  in.peer = std::move(peer);
  in.correlation = m.correlation();
  auto& c = in.command;
  c.command_id = m.command_id();
  c.body_hash = m.body_hash();
  c.who = std::move(*who);
  c.action = m.action();
  c.case_no = m.case_no();
  c.version = m.version();
  c.received_at = instant(m.received_at());
  if (m.has_at()) c.at = instant(m.at());
  c.input = input(m.input());
  return in;
}

std::optional<ReceivedIn> received_in(std::string peer, v1::Received const& m) {
  auto who = principal(m.who());
  if (!who || m.task_id().empty() || m.correlation().empty()) return std::nullopt;
  return ReceivedIn{std::move(peer), m.correlation(), m.task_id(), m.epoch(), std::move(*who), instant(m.received_at())};
}

v1::Envelope to_envelope(CommandAnswer const& a) {
  v1::Envelope e;
  auto& m = *e.mutable_command_answer();
  m.set_correlation(a.correlation);
  m.set_status(a.row.status);
  m.set_code(a.row.code);
  m.set_field(a.row.field);
  m.set_case_no(a.row.case_no);
  m.set_version(a.row.version);
  m.set_replayed(a.replayed);
  return e;
}

namespace {

// Fills one part after another; a new one begins well before the frame limit.
class Parts {
 public:
  explicit Parts(std::int64_t version) : version_(version) {}
  v1::Reference& room() {
    if (parts_.empty() || ++entries_ % 500 == 0) {
      parts_.emplace_back().set_version(version_);
      parts_.back().set_part(static_cast<std::int32_t>(parts_.size()) - 1);
    }
    return parts_.back();
  }
  std::vector<v1::Reference> done() {
    for (auto& p : parts_) p.set_parts(static_cast<std::int32_t>(parts_.size()));
    return std::move(parts_);
  }

 private:
  std::int64_t version_;
  std::size_t entries_ = 0;
  std::vector<v1::Reference> parts_;
};

}  // namespace

std::vector<v1::Reference> reference(std::vector<std::shared_ptr<core::City const>> const& cities,
                                     std::vector<storage::TokenRow> const& tokens, std::int64_t version) {
  Parts parts(version);
  parts.room();
  for (auto const& city : cities) {
    auto& d = *parts.room().add_districts();
    d.set_code(city->district);
    d.set_zh(city->zh);
    d.set_en(city->en);
    d.set_utc_offset_minutes(static_cast<std::int32_t>(city->utc_offset.count()));
    for (auto const& [key, entry] : city->catalogue) {
      auto& k = *parts.room().add_catalogue();
      k.set_district(city->district);
      k.mutable_category()->set_standard(key.standard);
      k.mutable_category()->set_kind(key.kind);
      k.mutable_category()->set_code(key.code);
      if (entry.valid_to) k.set_valid_to(millis(*entry.valid_to));
      for (auto const& condition : entry.conditions) k.add_conditions(condition.id);
    }
    for (auto const& code : city->closing_conditions) parts.room().add_closing_conditions(code);
  }
  for (auto const& token : tokens) {
    auto& t = *parts.room().add_tokens();
    t.set_sha256(token.sha256);
    auto& who = *t.mutable_who();
    who.set_name(token.who.name);
    who.set_role(std::string(core::id(token.who.role)));
    who.set_district(token.who.district);
    who.set_street(token.who.street);
    who.set_unit(token.who.unit);
    who.set_squad(token.who.squad);
    who.set_backdate(token.who.backdate);
    for (auto const& source : token.who.sources) t.add_sources(source);
    t.set_expires_at(millis(token.expires_at));
  }
  return parts.done();
}

}  // namespace wangge::engine
