// Which squad of a unit: the one on shift there, by distance or by load where the rule says so, never one that is
// absent.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "dispatcher/core/routing.hpp"

namespace wangge::core {

namespace {

struct Moment {
  Instant at;
  LocalDay day;
  std::int32_t minute;
};

Absence const* absence_of(City const& city, std::string_view squad, Instant at) {
  auto const found = std::find_if(city.absences.begin(), city.absences.end(),
                                  [&](Absence const& a) { return a.squad == squad && a.from <= at && at < a.to; });
  return found == city.absences.end() ? nullptr : &*found;
}

int narrowness(SquadShift const& s, Case const& c) {
  if (!s.grid.empty()) return s.grid == c.grid ? 3 : -1;
  if (!s.community.empty()) return s.community == c.community ? 2 : -1;
  if (!s.street.empty()) return s.street == c.street ? 1 : -1;
  return 0;
}

// 3 … 0: how narrowly a shift of this squad covers the case now; -1: it has shifts and none holds; 0 when it has none.
int on_shift(City const& city, std::string_view squad, Case const& c, Moment const& now) {
  int best = -1;
  bool any = false;
  for (auto const& shift : city.shifts) {
    if (shift.squad != squad) continue;
    any = true;
    if (shift.when.hold(now.day, now.minute)) best = std::max(best, narrowness(shift, c));
  }
  return any ? best : 0;
}

double metres(Squad const& squad, Case const& c) {
  if (!squad.lon || !squad.lat || !c.lon || !c.lat) return 1e12;  // unknown: behind all that are known
  double const shrink = std::cos(*c.lat * std::numbers::pi / 180);
  return std::hypot((*squad.lon - *c.lon) * shrink, *squad.lat - *c.lat) * 111'320;
}

std::int64_t load(RouteFacts const& facts, std::string_view squad) {
  if (!facts.loads) return 0;
  auto const found = facts.loads->find(squad);
  return found == facts.loads->end() ? 0 : found->second;
}

}  // namespace

std::optional<Picked> pick_squad(City const& city, Case const& c, RouteFacts const& facts, std::string const& unit,
                                 std::string const& named, std::string_view by) {
  auto const& clock = city.calendar_of("");
  Moment const now{facts.at, clock.local_day(facts.at), clock.local_minute(facts.at)};
  if (!named.empty()) {
    auto const* absent = absence_of(city, named, now.at);
    if (!absent) return Picked{named, "named"};
    auto const stand_in = city.squads.find(absent->stand_in);
    if (stand_in != city.squads.end() && stand_in->second.unit == unit && !absence_of(city, absent->stand_in, now.at))
      return Picked{absent->stand_in, "stand_in"};
  }
  using Rank = std::tuple<int, double, std::int64_t, std::string_view>;
  std::optional<Rank> best;
  int there = 0;
  for (auto const& [key, squad] : city.squads) {
    if (squad.unit != unit || absence_of(city, key, now.at)) continue;
    ++there;
    Rank const rank{-on_shift(city, key, c, now), by == "distance" ? metres(squad, c) : 0.0,
                    by == "load" ? load(facts, key) : 0, key};
    if (!best || rank < *best) best = rank;
  }
  if (!best) return std::nullopt;
  return Picked{std::string(std::get<3>(*best)), there == 1 ? "only" : by.empty() ? "shift" : std::string(by)};
}

std::vector<std::string> assisting_of(City const& city, Routed const& to) {
  std::vector<std::string> out;
  for (auto const& unit : to.assisting) {
    bool const known = city.units.contains(unit) && unit != to.unit;
    if (known && std::find(out.begin(), out.end(), unit) == out.end()) out.push_back(unit);
  }
  return out;
}

}  // namespace wangge::core
