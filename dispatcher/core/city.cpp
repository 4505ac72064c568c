// Look-ups in a district's standing facts.
#include "dispatcher/core/city.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "dispatcher/core/routing.hpp"

namespace wangge::core {

std::optional<ClockKind> clock_from(std::string_view id) {
  for (std::size_t i = 0; i < kClockKinds.size(); ++i) {
    if (kClockKinds[i] == id) return static_cast<ClockKind>(i);
  }
  return std::nullopt;
}

Condition const* CatalogueEntry::find(std::string_view condition_id) const {
  for (auto const& condition : conditions) {
    if (condition.id == condition_id) return &condition;
  }
  return nullptr;
}

Limit const& Condition::limit_in(std::string_view area_level) const {
  auto const own = by_area.find(area_level);
  return own == by_area.end() ? limit : own->second;
}

// ---- thresholds

bool Threshold::holds(double measured) const {
  if (op == ">") return measured > value;
  if (op == ">=") return measured >= value;
  if (op == "<") return measured < value;
  return measured <= value;
}

std::optional<std::vector<Threshold>> thresholds_from(std::string_view text) {
  std::vector<Threshold> out;
  while (!text.empty()) {
    auto const one = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    auto const sign = one.find_first_of("<>");
    if (sign == std::string_view::npos || sign == 0) return std::nullopt;
    std::size_t const wide = sign + 1 < one.size() && one[sign + 1] == '=' ? 2 : 1;
    auto const number = one.substr(sign + wide);
    Threshold t{std::string(one.substr(0, sign)), std::string(one.substr(sign, wide)), 0};
    auto const [end, error] = std::from_chars(number.data(), number.data() + number.size(), t.value);
    if (error != std::errc{} || end != number.data() + number.size() || !std::isfinite(t.value)) return std::nullopt;
    out.push_back(std::move(t));
  }
  return out;
}

std::string thresholds_text(std::vector<Threshold> const& thresholds) {
  std::string out;
  for (auto const& t : thresholds) {
    char number[32];
    auto const end = std::to_chars(number, number + sizeof number, t.value).ptr;
    out += (out.empty() ? "" : ";") + t.measure + t.op + std::string(number, end);
  }
  return out;
}

namespace {
double const* measured(Measures const& measures, std::string_view name) {
  auto const found = std::find_if(measures.begin(), measures.end(), [&](auto const& m) { return m.first == name; });
  return found == measures.end() ? nullptr : &found->second;
}
}  // namespace

Condition const* CatalogueEntry::by_measures(Measures const& measures) const {
  for (auto const& condition : conditions) {
    auto const holds = [&](Threshold const& t) {
      auto const* value = measured(measures, t.measure);
      return value && t.holds(*value);
    };
    if (!condition.thresholds.empty() && std::all_of(condition.thresholds.begin(), condition.thresholds.end(), holds))
      return &condition;
  }
  for (auto const& condition : conditions) {
    if (condition.thresholds.empty()) return &condition;
  }
  return conditions.empty() ? nullptr : &conditions.front();
}

bool contradicts(Condition const& condition, Measures const& measures) {
  return std::any_of(condition.thresholds.begin(), condition.thresholds.end(), [&](Threshold const& t) {
    auto const* value = measured(measures, t.measure);
    return value && !t.holds(*value);
  });
}

CatalogueEntry const* City::find(CategoryKey const& key) const {
  auto const found = catalogue.find(key);
  return found == catalogue.end() ? nullptr : &found->second;
}

std::string const& City::calendar_key_of(std::string_view unit) const {
  auto const body = units.find(unit);
  bool const own = body != units.end() && calendars.find(body->second.calendar) != calendars.end();
  return own ? body->second.calendar : policy.calendar;
}

std::string_view City::contractor_of(std::string_view squad) const {
  auto const found = squads.find(squad);
  return found == squads.end() ? std::string_view() : std::string_view(found->second.contractor);
}

Calendar const& City::calendar_of(std::string_view unit) const {
  static Calendar const kNothingLoaded;
  if (auto const body = units.find(unit); body != units.end()) {
    if (auto const own = calendars.find(body->second.calendar); own != calendars.end()) return own->second;
  }
  auto const center = calendars.find(policy.calendar);
  return center == calendars.end() ? kNothingLoaded : center->second;
}

// ---- trees

namespace {

std::string joined(std::vector<std::string> const& names) {  // from the root down
  std::string out;
  for (auto name = names.rbegin(); name != names.rend(); ++name) out += (out.empty() ? "" : " / ") + *name;
  return out;
}

// Climbs by parent until the root; a ring of parents (refused at load) ends where it began.
template <class Find>
std::string path(std::string_view key, std::string_view lang, Find&& find) {
  std::vector<std::string> names;
  std::set<std::string, std::less<>> seen;
  for (auto const* node = find(key); node && seen.insert(std::string(key)).second; node = find(key)) {
    names.push_back(lang == "en" ? node->en : node->zh);
    key = node->parent;
  }
  return joined(names);
}

}  // namespace

Area const* City::area(std::string_view layer, std::string_view code) const {
  auto const found =
      std::find_if(areas.begin(), areas.end(), [&](Area const& a) { return a.layer == layer && a.code == code; });
  return found == areas.end() ? nullptr : &*found;
}

std::string City::unit_path(std::string_view unit, std::string_view lang) const {
  return path(unit, lang, [&](std::string_view key) {
    auto const found = units.find(key);
    return found == units.end() ? nullptr : &found->second;
  });
}

std::string City::area_path(std::string_view layer, std::string_view code, std::string_view lang) const {
  return path(code, lang, [&](std::string_view key) { return area(layer, key); });
}

std::string City::campaign_of(Case const& c, Instant at) const {
  auto const& clock = calendar_of("");
  for (auto const& campaign : campaigns) {
    auto const has = [](auto const& list, auto&& fits) {
      return list.empty() || std::any_of(list.begin(), list.end(), fits);
    };
    if (campaign.when.hold(clock.local_day(at), clock.local_minute(at)) && among_categories(campaign.categories, c) &&
        has(campaign.areas, [&](auto const& a) { return !c.grid.empty() && c.grid.starts_with(a); }) &&
        has(campaign.sources, [&](auto const& s) { return s == c.source; }))
      return campaign.key;
  }
  return "";
}

void City::finish() {
  route_index.clear();
  list_index.clear();
  picks_by_load = false;
  for (std::uint32_t i = 0; i < routes.size(); ++i) {
    route_index[route_key(routes[i])].push_back(i);
    picks_by_load |= routes[i].pick == "load";
  }
  for (std::uint32_t i = 0; i < responsibilities.size(); ++i) {
    list_index[list_key(responsibilities[i])].push_back(i);
    picks_by_load |= responsibilities[i].pick == "load";
  }
}

}  // namespace wangge::core
