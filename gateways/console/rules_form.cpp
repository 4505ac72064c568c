#include "gateways/console/rules_form.hpp"

#include <algorithm>
#include <charconv>

namespace wangge::console {
namespace {

namespace json = boost::json;
using http::Fields;
using http::Need;

constexpr std::size_t kWordMost = 64, kPaperMost = 200;

// The texts of a rule by their names.
template <class Rule, class F>
void for_each_text(Rule& r, F&& f) {
  f("maintainer", r.maintainer);
  f("standard", r.standard);
  f("kind", r.kind);
  f("code", r.code);
  f("condition", r.condition);
  f("class_code", r.class_code);
  f("grid", r.grid);
  f("community", r.community);
  f("street", r.street);
  f("area_level", r.area_level);
  f("source", r.source);
  f("campaign", r.campaign);
  f("squad", r.squad);
}

std::string day_text(core::LocalDay day) {
  std::chrono::year_month_day const d{day};
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(d.year()), static_cast<unsigned>(d.month()),
                static_cast<unsigned>(d.day()));
  return out;
}

std::string minute_text(std::int32_t minute) {
  char out[16];
  std::snprintf(out, sizeof out, "%02d:%02d", minute / 60, minute % 60);
  return out;
}

std::optional<int> digits(std::string_view text) {
  int n = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

std::optional<core::LocalDay> read_day(Fields& fields, char const* name) {
  auto const text = fields.text(name, Need::optional, 10);
  if (text.empty()) return std::nullopt;
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    auto const y = digits(std::string_view(text).substr(0, 4)), m = digits(std::string_view(text).substr(5, 2)),
               d = digits(std::string_view(text).substr(8));
    if (y && m && d && *m > 0 && *d > 0) {
      std::chrono::year_month_day const day{std::chrono::year(*y), std::chrono::month(static_cast<unsigned>(*m)),
                                            std::chrono::day(static_cast<unsigned>(*d))};
      if (day.ok()) return core::LocalDay{day};
    }
  }
  fields.fail(name, "bad_format");
  return std::nullopt;
}

void read_minute(Fields& fields, char const* name, std::int32_t& to) {
  auto const text = fields.text(name, Need::optional, 5);
  if (text.empty()) return;
  if (text.size() == 5 && text[2] == ':') {
    auto const h = digits(std::string_view(text).substr(0, 2)), m = digits(std::string_view(text).substr(3));
    if (h && m && *h >= 0 && *m >= 0 && *m < 60 && *h * 60 + *m <= 1440) {
      to = *h * 60 + *m;
      return;
    }
  }
  fields.fail(name, "bad_format");
}

core::Times read_times(Fields& fields) {
  core::Times when;
  when.from = read_day(fields, "from_day");
  when.to = read_day(fields, "to_day");
  if (when.to) *when.to += core::Days{1};  // outside, the last day on which it holds
  auto const weekdays = fields.text("weekdays", Need::optional, 7);
  if (!weekdays.empty()) when.weekdays = 0;
  for (char const c : weekdays) {
    if (c < '1' || c > '7')
      fields.fail("weekdays", "bad_format");
    else
      when.weekdays = static_cast<std::uint8_t>(when.weekdays | 1u << (c - '1'));
  }
  read_minute(fields, "from", when.from_minute);
  read_minute(fields, "to", when.to_minute);
  return when;
}

// Levels a city writes; `decision` is the desk's and `responsibility` the list's.
std::vector<std::string_view> written_levels() {
  std::vector<std::string_view> out;
  for (auto const level : core::kRouteLevels) {
    if (level != "decision" && level != "responsibility") out.push_back(level);
  }
  return out;
}

}  // namespace

json::object rule_json(core::RouteRule const& rule) {
  json::object out{{"id", rule.id}, {"level", core::id(rule.level)}};
  for_each_text(rule, [&](char const* name, std::string const& value) {
    if (!value.empty()) out[name] = value;
  });
  out["unit"] = rule.unit;
  if (!rule.pick.empty()) out["pick"] = rule.pick;
  if (!rule.document.empty()) out["document"] = rule.document;
  if (rule.when.from) out["from_day"] = day_text(*rule.when.from);
  if (rule.when.to) out["to_day"] = day_text(*rule.when.to - core::Days{1});
  if (rule.when.weekdays != 0x7f) {
    std::string days;
    for (int i = 0; i < 7; ++i) {
      if (rule.when.weekdays >> i & 1) days += static_cast<char>('1' + i);
    }
    out["weekdays"] = days;
  }
  if (rule.when.from_minute != 0 || rule.when.to_minute != 1440) {
    out["from"] = minute_text(rule.when.from_minute);
    out["to"] = minute_text(rule.when.to_minute);
  }
  return out;
}

core::RouteRule read_rule(Fields& fields) {
  core::RouteRule rule;
  rule.id = fields.text("id", Need::required, kWordMost);
  rule.level = core::route_level_from(fields.one_of("level", Need::required, written_levels()))
                   .value_or(core::RouteLevel::territorial);
  for_each_text(rule, [&](char const* name, std::string& to) { to = fields.text(name, Need::optional, kWordMost); });
  rule.unit = fields.text("unit", Need::required, kWordMost);
  rule.pick = fields.one_of("pick", Need::optional, core::kPicks);
  rule.document = fields.text("document", Need::optional, kPaperMost);
  rule.when = read_times(fields);
  return rule;
}

json::object rule_schema() {
  auto const text = [](std::size_t most) { return json::object{{"type", "string"}, {"maxLength", most}}; };
  json::array levels, picks;
  for (auto const level : written_levels()) levels.emplace_back(level);
  for (auto const pick : core::kPicks) picks.emplace_back(pick);
  json::object properties{{"id", text(kWordMost)}, {"level", json::object{{"enum", levels}}}};
  core::RouteRule rule;
  for_each_text(rule, [&](char const* name, std::string const&) { properties[name] = text(kWordMost); });
  properties["unit"] = text(kWordMost);
  properties["pick"] = json::object{{"enum", picks}};
  properties["document"] = text(kPaperMost);
  for (auto const* name : {"from_day", "to_day"})
    properties[name] = json::object{{"type", "string"}, {"format", "date"}};
  properties["weekdays"] = json::object{{"type", "string"}, {"pattern", "^[1-7]{0,7}$"}};
  for (auto const* name : {"from", "to"})
    properties[name] = json::object{{"type", "string"}, {"pattern", "^[0-2][0-9]:[0-5][0-9]$"}};
  return {{"type", "object"}, {"properties", properties}, {"required", {"id", "level", "unit"}}};
}

}  // namespace wangge::console
