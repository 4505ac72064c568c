// Look-ups in a district's standing facts.
#include "dispatcher/core/city.hpp"

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

void City::finish() {
  route_index.clear();
  for (std::uint32_t i = 0; i < routes.size(); ++i) route_index[route_key(routes[i])].push_back(i);
}

}  // namespace wangge::core
