#include "gateways/console/hotline_door.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "gateways/console/action_form.hpp"
#include "gateways/console/answers.hpp"
#include "gateways/console/case_door.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/console/case_json.hpp"
#include "gateways/console/personal.hpp"
#include "gateways/http/body.hpp"
#include "gateways/http/ids.hpp"
#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"
#include "storage/times.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;
using http::Fields;
using http::Need;
using View = storage::HotlineModel::View;

constexpr std::size_t kTextMost = 4000, kNumberMost = 64, kLineMost = 200, kNameMost = 100, kPhoneMost = 40;
constexpr core::Instant kEarliest = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};
constexpr core::Days kAheadMost{3660};  // an upstream limit beyond ten years is a slip of the pen

core::Instant now() {
  return std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
}

json::value or_null(std::string const& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

// Its light, as a case has one: the clock that runs is the sign-for limit, then the reply's deadline.
std::string_view order_light(core::HotlineOrder const& o, core::Instant at) {
  if (!core::info(o.state).open) return "";
  if (o.state == core::OrderState::replied) return o.late ? "red" : "green";
  auto const due = o.state == core::OrderState::received ? o.sign_by : o.due_at;
  if (due && at > *due) return "red";
  return o.state != core::OrderState::received && o.warn_at && at >= *o.warn_at ? "yellow" : "green";
}

json::object order_json(View const& view, core::Principal const& who, std::string_view lang, core::Instant at,
                        bool whole, bool person_whole = false) {
  auto const& o = view.order;
  auto const time = [&](std::optional<core::Instant> const& when) {
    return when ? json::value(storage::format_instant(*when, view.utc_offset)) : json::value(nullptr);
  };
  auto const& state = core::info(o.state);
  json::array cases;
  for (auto const& number : o.cases) cases.emplace_back(number);
  auto const light = order_light(o, at);
  json::object out{{"order_no", o.order_no},
                   {"version", o.version},
                   {"state", state.id},
                   {"state_name", lang == "en" ? state.en : state.zh},
                   {"system", o.system},
                   {"number", o.number},
                   {"text", o.text},
                   {"address", or_null(o.address)},
                   {"unit", or_null(o.unit)},
                   {"cases", std::move(cases)},
                   {"opened_at", time(o.opened_at)},
                   {"sign_by", time(o.sign_by)},
                   {"return_by", time(o.return_by)},
                   {"due_at", time(o.due_at)},
                   {"light", light.empty() ? json::value(nullptr) : json::value(light)},
                   {"signed_at", time(o.signed_at)},
                   {"late_sign", o.late_sign},
                   {"replied_at", time(o.replied_at)},
                   {"late", o.late},
                   {"closed_at", time(o.closed_at)},
                   {"extension_until", time(o.extension_until)},
                   {"extensions", o.extensions},
                   {"reply", or_null(o.reply)},
                   {"reply_by", or_null(o.reply_by)},
                   {"signed_off_by", or_null(o.signed_off_by)},
                   {"satisfaction", or_null(o.satisfaction)},
                   {"redone", o.redone},
                   {"sent_back", o.sent_back}};
  if (!whole) return out;
  out["linked"] = json::parse(view.cases.empty() ? "[]" : view.cases);
  out["told"] = json::parse(view.told.empty() ? "[]" : view.told);
  if (sees_reporter(who.role))
    out["caller"] = person_json(view.caller_name, view.caller_phone, person_whole);
  json::array actions;
  for (auto const action : core::order_actions_for(who, o)) {
    auto const& info = core::info(action);
    json::array fields;
    for (auto const& spec : info.fields) fields.push_back(field_json(spec));
    actions.push_back(
        json::object{{"name", info.id}, {"title", lang == "en" ? info.en : info.zh}, {"fields", std::move(fields)}});
  }
  out["actions"] = std::move(actions);
  return out;
}

std::string word(http::Request const& request, char const* name, std::initializer_list<std::string_view> known) {
  auto const value = request.arg(name);
  if (!value.empty() && std::find(known.begin(), known.end(), value) == known.end())
    throw storage::BadFilter(name, "unknown value");
  return std::string(value);
}

}  // namespace

// `{system, number, text, address?, caller?: {name, phone}, sign_by?, return_by?, due_at?, at?}`.
void HotlineDoor::post(http::Request request, http::Reply reply) {
  core::Command command;
  auto const fault = http::body_fault(request, [&](Fields& fields) {
    auto& in = command.input;
    in.source = fields.one_of("system", Need::required, core::kHotlines);
    in.number = fields.text("number", Need::required, kNumberMost);
    command.case_no = in.source + ":" + in.number;
    if (!in.source.empty() && !in.number.empty() && !core::is_order_no(command.case_no)) fields.fail("number", "bad_format");
    in.text = fields.text("text", Need::required, kTextMost);
    in.address = fields.text("address", Need::optional, kLineMost);
    if (auto caller = fields.object("caller", Need::optional)) {
      in.name = caller->text("name", Need::optional, kNameMost);
      in.phone = caller->text("phone", Need::optional, kPhoneMost);
    }
    auto const time = [&](char const* name, core::Instant latest) {
      auto const at = fields.time(name, Need::optional);
      if (at && (*at < kEarliest || *at > latest)) fields.fail(name, "out_of_range");
      return at;
    };
    in.sign_by = time("sign_by", request.received_at + kAheadMost);
    in.return_by = time("return_by", request.received_at + kAheadMost);
    in.until = time("due_at", request.received_at + kAheadMost);
    command.at = time("at", request.received_at);
  });
  if (fault) return reply(*fault);
  command.action = core::info(core::OrderAction::receive).id;
  command.who = request.who;
  command.received_at = request.received_at;
  // The upstream number is its key: whoever sends it again, in whatever words, hears of the same order.
  command.command_id = http::uuid_v5(http::kReportNamespace,
                                     http::joined(request.who.district, request.who.name, command.case_no, "receive"));
  command.body_hash = http::sha256_hex(command.case_no);
  command.received_at = attempts_.first(command, request.received_at);
  ask(std::move(command), request.lang, std::move(reply));
}

void HotlineDoor::list(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    storage::OrderFilter filter;
    filter.state = std::string(request.arg("state"));
    if (!filter.state.empty() && !core::order_state_from(filter.state))
      throw storage::BadFilter("state", "unknown state");
    filter.open = word(request, "open", {"true", "false"});
    filter.late = word(request, "late", {"true", "false"});
    filter.told = word(request, "told", {"true", "false"}) == "true";
    filter.case_no = std::string(request.arg("case_no"));
    if (!filter.case_no.empty() && !is_case_no(filter.case_no)) throw storage::BadFilter("case_no", "no case number");
    filter.cursor = std::string(request.arg("cursor"));
    filter.limit = read_limit(request);
    auto const orders = model_.list(request.who, filter, request.received_at);
    json::array items;
    for (auto const& view : orders.items)
      items.push_back(order_json(view, request.who, request.lang, request.received_at, false));
    return list_answer({json::serialize(items), orders.next_cursor});
  }));
}

void HotlineDoor::get(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const view = model_.find(request.who, std::string(request.params.get("order_no")));
    if (!view) return not_found(request.lang);
    bool const known = sees_reporter(request.who.role) && !(view->caller_name.empty() && view->caller_phone.empty());
    bool const person_whole = request.session_id.empty();
    auto response = http::json(
        200, json::serialize(order_json(*view, request.who, request.lang, request.received_at, true, person_whole)));
    response.personal = known && person_whole;
    return response;
  }));
}

void HotlineDoor::unmask(http::Request request, http::Reply reply) {
  reply(console::unmask(request, "caller", [&]() -> std::optional<Person> {
    auto const view = model_.find(request.who, std::string(request.params.get("order_no")));
    if (!view || !sees_reporter(request.who.role) || (view->caller_name.empty() && view->caller_phone.empty())) return std::nullopt;
    return Person{view->caller_name, view->caller_phone};
  }));
}

void HotlineDoor::history(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    std::string const order_no(request.params.get("order_no"));
    auto const limit = read_limit(request, kLongPage);
    if (!model_.find(request.who, order_no)) return not_found(request.lang);
    return list_answer(model_.history(request.who, order_no, std::string(request.arg("cursor")), limit));
  }));
}

void HotlineDoor::act(http::Request request, http::Reply reply) {
  auto const lang = request.lang;
  auto const action = core::order_action_from(request.params.get("action"));
  if (!action || *action == core::OrderAction::receive)
    return reply(http::problem(404, "not_found", lang, "unknown action"));
  std::string why;
  auto const body = http::parse_json(request.body, &why);
  if (!body) return reply(http::problem(400, "bad_json", lang, why));
  auto const& info = core::info(*action);
  auto read = read_action(*body, info.id, info.fields,
                          {request.who, {}, std::string(request.params.get("order_no")), request.received_at, {}});
  if (auto const* fault = std::get_if<ActionFault>(&read))
    return reply(http::problem(fault->status, fault->code, lang, "", fault->errors));
  auto command = std::get<core::Command>(std::move(read));
  if (!core::is_order_no(command.case_no)) return reply(not_found(lang));
  command.received_at = attempts_.first(command, request.received_at);
  ask(std::move(command), lang, std::move(reply));
}

void HotlineDoor::ask(core::Command command, std::string lang, http::Reply reply) {
  road_.ask(command, [this, command, lang, reply = std::move(reply)](link::CommandOutcome const& outcome) {
    if (outcome.status == 503 || outcome.status == 504)
      return attempts_.keep(command, [reply, outcome, lang] { reply(refusal(outcome, lang)); });
    if (outcome.status != 200 && outcome.status != 409) return reply(refusal(outcome, lang));
    if (!crew_.post([this, command, lang, outcome, reply] { reply(after(command, lang, outcome)); }))
      reply(http::problem(504, "outcome_unknown", lang));  // done, but it cannot be shown: the same command_id shows it
  });
}

// The order as it is now; 201 where it was opened by this.
http::Response HotlineDoor::after(core::Command const& command, std::string const& lang,
                                  link::CommandOutcome const& outcome) {
  std::optional<View> view;
  try {
    view = model_.find(command.who, command.case_no);
  } catch (storage::Broken const&) {
    if (outcome.status == 200) return http::problem(504, "outcome_unknown", lang);
  }
  bool const opened = command.action == "receive" && outcome.code.empty() && !outcome.replayed;
  http::Response response;
  if (outcome.status != 200) {
    response = refusal(outcome, lang);
    extend(response, "\"version\":" + std::to_string(outcome.version));
    if (view) extend(response, "\"order\":" + json::serialize(order_json(*view, command.who, lang, now(), true)));
  } else if (view) {
    response = http::json(opened ? 201 : 200, json::serialize(order_json(*view, command.who, lang, now(), true)));
  } else {  // done, and thereby another unit's
    response =
        http::json(200, json::serialize(json::object{{"order_no", command.case_no}, {"version", outcome.version}}));
  }
  if (outcome.replayed) response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

}  // namespace wangge::console
