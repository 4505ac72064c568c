// The case object, its buttons and its explanation, written from the row and the lifecycle table.
#include "gateways/console/case_json.hpp"

#include "gateways/console/action_form.hpp"
#include "gateways/console/personal.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "dispatcher/core/explain.hpp"
#include "dispatcher/core/city.hpp"
#include "dispatcher/core/ledger.hpp"
#include "dispatcher/core/route_words.hpp"
#include "gateways/http/rfc3339.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;

json::value text_or_null(std::string const& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::value instant(std::optional<core::Instant> const& at) {
  return at ? json::value(http::format_time(*at)) : json::value(nullptr);
}

json::array strings(std::vector<std::string> const& list) {
  json::array out;
  for (auto const& text : list) out.emplace_back(text);
  return out;
}

// Text kept as JSON that we wrote ourselves; shown as text should it ever not parse.
json::value embedded(std::string const& text) {
  if (text.empty()) return nullptr;
  boost::system::error_code ec;
  auto value = json::parse(text, ec);
  return ec ? json::value(text) : value;
}

json::array actions_json(storage::ReadModel::CaseView const& view, Viewer const& viewer) {
  json::array out;
  for (auto const action : core::actions_for(viewer.who, view.row, view.open_tasks)) {
    auto const& info = core::info(action);
    json::array fields;
    for (auto const& spec : info.fields) {
      if (core::field_is_for(viewer.who.role, action, spec)) fields.push_back(field_json(spec, viewer.closing_conditions));
    }
    out.push_back(json::object{
        {"name", info.id}, {"title", viewer.lang == "en" ? info.en : info.zh}, {"fields", std::move(fields)}});
  }
  return out;
}

json::array requests_json(std::vector<core::Request> const& requests) {
  json::array out;
  for (auto const& r : requests)
    out.push_back(json::object{{"request_id", r.request_id},
                               {"kind", core::id(r.kind)},
                               {"by", r.by},
                               {"at", instant(r.at)},
                               {"until", instant(r.until)},
                               {"reason", r.reason}});
  return out;
}

json::array orders_json(std::vector<core::Order> const& orders) {
  json::array out;
  for (auto const& o : orders)
    out.push_back(json::object{{"request_id", o.order_id},
                               {"kind", core::id(o.kind)},
                               {"by", o.by},
                               {"at", instant(o.at)},
                               {"until", instant(o.until)},
                               {"answered_at", instant(o.answered_at)},
                               {"text", text_or_null(o.text)}});
  return out;
}

storage::ReadModel::Delivery delivery(storage::ReadModel::CaseView const& view, core::Task const& task) {
  auto const found = view.deliveries.find(task.task_id);
  return found == view.deliveries.end() ? storage::ReadModel::Delivery{} : found->second;
}

json::array tasks_json(storage::ReadModel::CaseView const& view) {
  json::array out;
  for (auto const& t : view.open_tasks) {
    auto const [received, escalated] = delivery(view, t);
    out.push_back(json::object{{"task_id", t.task_id},
                               {"kind", core::id(t.kind)},
                               {"unit", text_or_null(t.unit)},
                               {"squad", text_or_null(t.squad)},
                               {"holder", text_or_null(t.holder)},
                               {"epoch", t.epoch},
                               {"due_at", instant(t.due_at)},
                               {"received", received},
                               {"escalated", escalated}});
  }
  return out;
}

// The alarm of CONTRACT 6 stands until a device has the task.
bool alarmed(storage::ReadModel::CaseView const& view) {
  return std::any_of(view.open_tasks.begin(), view.open_tasks.end(), [&](core::Task const& t) {
    auto const [received, escalated] = delivery(view, t);
    return escalated && !received;
  });
}

void add_place(json::object& out, core::Case const& c) {
  out["lon"] = c.lon ? json::value(*c.lon) : json::value(nullptr);
  out["lat"] = c.lat ? json::value(*c.lat) : json::value(nullptr);
  out["grid"] = text_or_null(c.grid);
  out["street"] = text_or_null(c.street);
  out["community"] = text_or_null(c.community);
  out["component_id"] = text_or_null(c.component_id);
  out["address"] = c.address;
  out["place_unusable"] = c.place_unusable;
}

void add_clock(json::object& out, core::Case const& c, core::Instant now) {
  out["clock"] = text_or_null(c.clock);
  out["limit_minutes"] = c.limit_minutes;
  out["due_at"] = instant(c.due_at);
  out["warn_at"] = instant(c.warn_at);
  out["left_ms"] = c.left_ms ? json::value(*c.left_ms) : json::value(nullptr);
  out["provisional"] = c.provisional;
  out["late"] = c.late;
  auto const light = core::light(c, now);
  out["light"] = light.empty() ? json::value(nullptr) : json::value(light);
}

void add_milestones(json::object& out, core::Case const& c) {
  out["opened_at"] = instant(c.opened_at);
  out["accepted_at"] = instant(c.accepted_at);
  out["filed_at"] = instant(c.filed_at);
  out["dispatched_at"] = instant(c.dispatched_at);
  out["signed_at"] = instant(c.signed_at);
  out["disposed_at"] = instant(c.disposed_at);
  out["handed_over_at"] = instant(c.handed_over_at);
  out["checked_at"] = instant(c.checked_at);
  out["closed_at"] = instant(c.closed_at);
  out["last_at"] = instant(c.last_at);
}

}  // namespace

bool sees_reporter(core::Role role) {
  return role == core::Role::hotline_agent || role == core::Role::acceptor || role == core::Role::shift_leader;
}

bool shows_reporter(storage::ReadModel::CaseView const& view, core::Principal const& who) {
  return sees_reporter(who.role) && !(view.reporter_name.empty() && view.reporter_phone.empty());
}

std::string brief_json(core::Case const& c, bool state_known, std::string_view lang) {
  json::object out{{"case_no", c.case_no}, {"version", c.version}};
  if (state_known) {
    auto const& state = core::info(c.state);
    out["state"] = state.id;
    out["state_name"] = lang == "en" ? state.en : state.zh;
    out["stage"] = core::id(state.stage);
  }
  out["actions"] = json::array();
  return json::serialize(out);
}

std::string case_json(storage::ReadModel::CaseView const& view, Viewer const& viewer) {
  auto const& c = view.row;
  auto const& state = core::info(c.state);
  json::object out{{"case_no", c.case_no},
                   {"version", c.version},
                   {"report_id", c.report_id},
                   {"district", c.district},
                   {"state", state.id},
                   {"state_name", viewer.lang == "en" ? state.en : state.zh},
                   {"stage", core::id(state.stage)},
                   {"unit", text_or_null(c.unit)},
                   {"squad", text_or_null(c.squad)},
                   {"holder", text_or_null(c.holder)},
                   {"source", c.source},
                   {"category", json::object{{"standard", c.standard}, {"kind", c.kind}, {"code", c.code}}},
                   {"class", text_or_null(c.class_code)},
                   {"condition", text_or_null(c.condition)},
                   {"description", c.description},
                   {"photos", strings(c.photos)},
                   {"twins", strings(c.twins)},
                   {"returns", c.returns},
                   {"rework", c.rework},
                   {"check_mode", text_or_null(c.check_mode)},
                   {"closing_condition", text_or_null(c.closing_condition)},
                   {"requests", requests_json(c.requests)},
                   {"pending_request", c.requests.empty() ? json::value(nullptr) : json::value(core::id(c.requests.front().kind))},
                   {"verify_result", text_or_null(c.verify_result)},
                   {"extensions", c.extensions},
                   {"suspensions", c.suspensions},
                   {"pause_kind", text_or_null(c.pause_kind)},
                   {"suspended_until", instant(c.suspended_until)},
                   {"urgent", c.urgent},
                   {"made_safe_at", instant(c.made_safe_at)},
                   {"safe_checked_at", instant(c.safe_checked_at)},
                   {"supervised", c.supervised},
                   {"urges", c.urges},
                   {"instructions", c.instructions},
                   {"orders", orders_json(c.orders)},
                   {"milestone", text_or_null(c.milestone)},
                   {"milestone_due_at", instant(c.milestone_due_at)},
                   {"late_milestones", strings(c.late_milestones)},
                   {"blind", text_or_null(c.blind)},
                   {"merged_into", text_or_null(c.merged_into)},
                   {"duplicates", c.duplicates},
                   {"follows", text_or_null(c.follows)},
                   {"followed_by", text_or_null(c.followed_by)},
                   {"enforcement_no", text_or_null(c.enforcement_no)},
                   {"enforcement_step", text_or_null(c.enforcement_step)},
                   {"replied_at", instant(c.replied_at)},
                   {"satisfaction", text_or_null(c.satisfaction)},
                   {"appeal", text_or_null(c.appeal)},
                   {"exempt", c.exempt},
                   {"stage_due_at", instant(c.stage_due_at)},
                   {"late_stages", strings(c.late_stages)},
                   {"area_level", text_or_null(c.area_level)},
                   {"catalogue_version", c.catalogue_version},
                   {"campaign", text_or_null(c.campaign)},
                   {"flags", strings(c.flags)},
                   {"backdated", c.backdated},
                   {"key_conflict", c.key_conflict}};
  add_place(out, c);
  add_clock(out, c, viewer.now);
  add_milestones(out, c);
  out["upstream"] = c.upstream_number.empty() ? json::value(nullptr)
                                              : json::value(json::object{{"system", c.upstream_system},
                                                                         {"number", c.upstream_number},
                                                                         {"due_at", instant(c.upstream_due_at)},
                                                                         {"done_at", instant(c.upstream_done_at)}});
  out["reported"] = embedded(view.extras);
  if (shows_reporter(view, viewer.who))
    out["reporter"] = person_json(view.reporter_name, view.reporter_phone, viewer.whole);
  out["tasks"] = tasks_json(view);
  out["escalated"] = alarmed(view);
  out["actions"] = viewer.past ? json::array() : actions_json(view, viewer);
  return json::serialize(out);
}

namespace {
// A step of routing with its words in the reader's language; lines of an older program stay as they were written.
json::value step_json(json::value const& kept, std::string_view lang) {
  auto const* object = kept.if_object();
  if (!object) return kept;
  core::RouteStep step;
  auto out = *object;
  for (auto const& [name, value] : *object) {
    if (value.is_string()) core::set_route_step_member(step, name, value.as_string());
  }
  out["level_name"] = step.result == "named" ? (lang == "en" ? "Named" : "人工指定") : core::level_words(step.level, lang);
  out["text"] = core::route_words(step, lang);
  return out;
}
}  // namespace

std::string routing_json(std::vector<core::RouteStep> const& steps, std::string_view lang) {
  auto const kept = json::parse(core::explain_routing(steps));
  json::array out;
  if (auto const* list = kept.as_object().if_contains("routing"); list != nullptr && list->is_array())
    for (auto const& step : list->get_array()) out.push_back(step_json(step, lang));
  return json::serialize(out);
}

std::string explain_json(core::Case const& c, core::City const& city, std::vector<core::HistoryRow> const& rows, core::Instant now,
                         std::string_view lang) {
  json::object out{{"case_no", c.case_no},
                   {"unit", text_or_null(c.unit)},
                   {"squad", text_or_null(c.squad)},
                   {"route_rule", text_or_null(c.route_rule)},
                   {"condition", text_or_null(c.condition)},
                   {"catalogue_version", c.catalogue_version},
                   {"area_level", text_or_null(c.area_level)},
                   {"campaign", text_or_null(c.campaign)},
                   {"flags", strings(c.flags)},
                   {"dispatched_at", instant(c.dispatched_at)},
                   {"handed_over_at", instant(c.handed_over_at)}};
  add_clock(out, c, now);
  // The core's own words: {"routing": [one line a level], "deadline": {from, calendar, limit, …}}.
  out["routing"] = json::array();
  out["deadline"] = nullptr;
  auto const why = embedded(c.explain);
  if (auto const* words = why.if_object())
    for (auto const& [name, value] : *words) out[name] = value;
  if (auto* steps = out["routing"].if_array())
    for (auto& step : *steps) step = step_json(step, lang);
  json::array segments;
  for (auto const& s : core::ledger(rows))
    segments.push_back(json::object{{"from", instant(s.from)},
                                    {"until", instant(s.until)},
                                    {"unit", text_or_null(s.unit)},
                                    {"clock", s.clock},
                                    {"had_ms", s.had.count()},
                                    {"left_ms", s.left ? json::value(s.left->count()) : json::value(nullptr)},
                                    {"extensions", s.extensions},
                                    {"began", s.began},
                                    {"ended", text_or_null(s.ended)}});
  out["segments"] = std::move(segments);
  out["words"] = strings(core::explain_clock(city, c, rows, lang));
  return json::serialize(out);
}

}  // namespace wangge::console
