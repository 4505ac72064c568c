#include "gateways/console/rules_door.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "dispatcher/core/rule_check.hpp"
#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/console/period.hpp"
#include "gateways/console/rules_form.hpp"
#include "gateways/http/body.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;
using storage::BadFilter;

constexpr int kPastMost = 100'000;       // cases of one dry run
constexpr std::size_t kMovesMost = 500;  // of them told by name

template <class Read>
http::Response page(http::Request const& request, int otherwise, Read&& read) {
  return reading(request.lang, [&] {
    return list_answer(read(request.who.district, std::string(request.arg("cursor")), read_limit(request, otherwise)));
  });
}

json::array findings_json(std::vector<core::Finding> const& findings, std::string_view lang) {
  json::array out;
  for (auto const& f : findings) {
    out.push_back(json::object{{"kind", f.kind},
                               {"rule", f.rule},
                               {"other", f.other.empty() ? json::value(nullptr) : json::value(f.other)},
                               {"words", lang == "en" ? f.en : f.zh}});
  }
  return out;
}

core::LocalDay today(core::City const& city, core::Instant now) {
  return city.calendar_of("").local_day(now);
}

json::value routed_json(std::optional<core::Routed> const& to) {
  if (!to) return nullptr;
  return json::object{{"unit", to->unit}, {"squad", to->squad}, {"rule", to->rule}, {"level", core::id(to->level)}};
}

// Plain lists kept in memory: the cursor is how many were told.
std::size_t offset_of(http::Request const& request, std::size_t size) {
  auto const text = request.arg("cursor");
  if (text.empty()) return 0;
  std::size_t at = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), at);
  if (error != std::errc{} || end != text.data() + text.size() || at > size)
    throw BadFilter("cursor", "no cursor of this list");
  return at;
}

// A time of local days, as the tables' periods are asked for.
PeriodRead period_of(http::Request const& request, core::Calendar const& calendar) {
  auto const period =
      read_period({request.arg("month"), request.arg("from"), request.arg("to"), request.arg("period"), ""}, calendar,
                  request.received_at);
  if (auto const* bad = std::get_if<BadPeriod>(&period)) throw BadFilter(bad->field, "no such period");
  return std::get<PeriodRead>(period);
}

double number_of(std::string_view text, char const* name, double low, double high,
                 std::optional<double> otherwise = {}) {
  if (text.empty() && otherwise) return *otherwise;
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= low && value <= high))
    throw BadFilter(name, "no such number");
  return value;
}

}  // namespace

void RulesDoor::rules(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const city = model_.city(request.who.district);
    auto const from = offset_of(request, city->routes.size());
    auto const to = std::min(city->routes.size(), from + static_cast<std::size_t>(read_limit(request, kLongPage)));
    json::array items;
    for (auto i = from; i < to; ++i) items.push_back(rule_json(city->routes[i]));
    return list_answer({json::serialize(items), to < city->routes.size() ? std::to_string(to) : ""});
  }));
}

// "Would move 214 of 12,003, these": nothing is changed.
void RulesDoor::dry_run(http::Request request, http::Reply reply) {
  std::vector<core::RouteRule> rules;
  std::optional<core::Instant> from, to;
  auto const fault = http::body_fault(request, [&](http::Fields& fields) {
    std::set<std::string> ids;
    for (auto& one : fields.objects("rules", 0, kRulesMost)) {
      rules.push_back(read_rule(one));
      if (!ids.insert(rules.back().id).second) one.fail("id", "repeated");
    }
    if (!fields.has("rules")) fields.fail("rules", "required");
    from = fields.time("from", http::Need::optional), to = fields.time("to", http::Need::optional);
    if (from && to && *to <= *from) fields.fail("to", "out_of_range");
  });
  if (fault) return reply(*fault);
  reply(reading(request.lang, [&] {
    auto const before = model_.city(request.who.district);
    auto after = *before;
    std::erase_if(after.routes, [](core::RouteRule const& r) { return r.level != core::RouteLevel::decision; });
    after.routes.insert(after.routes.end(), rules.begin(), rules.end());
    after.finish();
    auto const end = to.value_or(request.received_at), begin = from.value_or(end - core::Days{90});
    auto const past = model_.past_cases(request.who.district, begin, end, kPastMost);
    auto const change = core::change_between(*before, after);
    auto const trial = core::try_rules(*before, after, past.cases, kMovesMost);
    json::array moves;
    for (auto const& m : trial.moves)
      moves.push_back(
          json::object{{"case_no", m.case_no}, {"before", routed_json(m.before)}, {"after", routed_json(m.after)}});
    bool const en = request.lang == "en";
    auto const n = [](std::int64_t count) { return std::to_string(count); };
    json::object const out{
        {"words", en ? "would move " + n(trial.moved) + " of " + n(trial.cases)
                     : "将改派 " + n(trial.moved) + " 件，共 " + n(trial.cases) + " 件"},
        {"cases", trial.cases},
        {"asked", trial.asked},
        {"moved", trial.moved},
        {"more_cases", past.more},
        {"rules", json::object{{"added", change.added}, {"changed", change.changed}, {"removed", change.removed}}},
        {"findings", findings_json(core::check_rules(after, today(after, request.received_at)), request.lang)},
        {"moves", std::move(moves)}};
    return http::json(200, json::serialize(out));
  }));
}

void RulesDoor::findings(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const city = model_.city(request.who.district);
    auto found = core::check_rules(*city, today(*city, request.received_at));
    auto const list = core::check_list(*city, today(*city, request.received_at), model_.streets(request.who.district));
    found.insert(found.end(), list.begin(), list.end());
    auto const from = offset_of(request, found.size());
    auto const to = std::min(found.size(), from + static_cast<std::size_t>(read_limit(request, kLongPage)));
    std::vector<core::Finding> const some(found.begin() + static_cast<std::ptrdiff_t>(from),
                                          found.begin() + static_cast<std::ptrdiff_t>(to));
    return list_answer(
        {json::serialize(findings_json(some, request.lang)), to < found.size() ? std::to_string(to) : ""});
  }));
}

void RulesDoor::coordination(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    return list_answer(model_.desk(request.who, std::string(request.arg("cursor")), read_limit(request, kPage)));
  }));
}

void RulesDoor::accuracy(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    std::string const by(request.arg("by").empty() ? "officer" : request.arg("by"));
    if (by != "officer" && by != "unit" && by != "rule") throw BadFilter("dispatch_by", "unknown value");
    auto const city = model_.city(request.who.district);
    auto const period = period_of(request, city->calendar_of(""));
    json::array rows;
    storage::RuleModel::Accuracy total{"", 0, 0};
    auto const row_json = [](storage::RuleModel::Accuracy const& row) {
      auto const rate = storage::rate_hundredths(row.dispatched - row.returned, row.dispatched);
      json::object out{{"key", row.key}, {"dispatched", row.dispatched}, {"returned", row.returned}};
      out["accuracy"] = rate ? json::value(static_cast<double>(*rate) / 100) : json::value(nullptr);
      return out;
    };
    for (auto const& row : model_.accuracy(request.who.district, period.from, period.to, by)) {
      rows.push_back(row_json(row));
      total.dispatched += row.dispatched, total.returned += row.returned;
    }
    auto sum = row_json(total);
    sum.erase("key");
    return http::json(200,
                      json::serialize(json::object{
                          {"period", period.label}, {"by", by}, {"rows", std::move(rows)}, {"total", std::move(sum)}}));
  }));
}

void RulesDoor::responsibilities(http::Request request, http::Reply reply) {
  reply(page(request, kLongPage, [&](auto const&... asked) { return model_.responsibilities(asked...); }));
}
void RulesDoor::areas(http::Request request, http::Reply reply) {
  reply(page(request, kLongPage, [&](auto const&... asked) { return model_.areas(asked...); }));
}
void RulesDoor::campaigns(http::Request request, http::Reply reply) {
  reply(page(request, kPage, [&](auto const&... asked) { return model_.campaigns(asked...); }));
}
void RulesDoor::plans(http::Request request, http::Reply reply) {
  reply(page(request, kPage, [&](auto const&... asked) { return model_.plans(asked...); }));
}
void RulesDoor::versions(http::Request request, http::Reply reply) {
  reply(page(request, kLongPage, [&](auto const&... asked) { return model_.versions(asked...); }));
}
void RulesDoor::closing_conditions(http::Request request, http::Reply reply) {
  reply(page(request, kLongPage, [&](auto const&... asked) { return model_.closing_conditions(asked...); }));
}

// A component's fault without an id: these are the ones it may be about (20 m unless said otherwise).
void RulesDoor::components_near(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const lon = number_of(request.arg("lon"), "lon", -180, 180),
               lat = number_of(request.arg("lat"), "lat", -90, 90);
    auto const within = number_of(request.arg("within"), "within", 1, 500, storage::kNearMetres);
    std::string const code(request.arg("code"));
    if (code.size() > 6) throw BadFilter("code", kTooLong);
    return list_answer(
        {model_.components_near(request.who.district, lon, lat, within, code, read_limit(request, kPage)), ""});
  }));
}

}  // namespace wangge::console
