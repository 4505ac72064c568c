// Who patrols there now: the roster line of the narrowest duty grid that holds the place and the local minute.
#include <algorithm>
#include <cstdlib>
#include <limits>
#include <tuple>

#include "dispatcher/core/steps.hpp"
#include "dispatcher/core/suspicion.hpp"

namespace wangge::core {

namespace {

// How narrow a line binds: 4 grid, 3 duty grid, 2 community, 1 street, 0 whole district; -1 when it does not hold the place.
int narrowness(City const& city, DutyLine const& line, Case const& c) {
  if (!line.grid.empty()) return line.grid == c.grid ? 4 : -1;
  if (!line.duty_grid.empty()) {
    auto const* area = city.area("duty", line.duty_grid);
    return area && area->covers(c.grid) ? 3 : -1;
  }
  if (!line.community.empty()) return line.community == c.community ? 2 : -1;
  if (!line.street.empty()) return line.street == c.street ? 1 : -1;
  return 0;
}

bool on_shift(DutyLine const& line, LocalDay day, std::int32_t minute) {
  return Times{line.from, line.to, line.weekdays, line.from_minute, line.to_minute}.hold(day, minute);
}

// Metres between a case and where somebody was seen lately; whose place is not known stands behind all others.
double distance(Case const& c, Instant at, std::string const& person, WhereIs const* where) {
  auto const seen = where && c.lon && c.lat ? (*where)(person) : std::nullopt;
  bool const lately = seen && seen->at <= at && at - seen->at <= kSeenFor;
  return lately ? metres_between(*c.lon, *c.lat, seen->lon, seen->lat) : std::numeric_limits<double>::infinity();
}

}  // namespace

std::string find_checker(City const& city, Case const& c, Instant at, std::string_view not_of_unit,
                         std::string_view not_person, WhereIs const* where) {
  auto const& clock = city.calendar_of("");
  auto const minute = clock.local_minute(at);
  auto const day = clock.local_day(at);
  DutyLine const* best = nullptr;
  auto const rank = [&](DutyLine const& line) {  // smaller is better; the name breaks ties so that replays agree
    return std::tuple(line.patroller == not_person, -narrowness(city, line, c), distance(c, at, line.patroller, where), std::string_view(line.patroller));
  };
  for (auto const& line : city.duty) {
    if (narrowness(city, line, c) < 0 || !on_shift(line, day, minute)) continue;
    if (!not_of_unit.empty() && line.unit == not_of_unit) continue;
    if (!not_of_unit.empty() && !line.unit.empty() && line.unit == city.contractor_of(c.squad)) continue;
    if (!best || rank(line) < rank(*best)) best = &line;
  }
  return best ? best->patroller : std::string();
}

Instant looks_from(City const& city, Case const& c, Instant from) {
  auto const* entry = city.find({c.standard, c.kind, c.code});
  if (!entry || !entry->same_period) return from;
  auto const& clock = city.calendar_of("");
  std::int64_t const around = city.policy.same_period_minutes;
  auto const gap = clock.local_minute(c.opened_at) - clock.local_minute(from);  // until that hour, today
  if (std::abs(gap) <= around || std::abs(gap) >= 1440 - around) return from;
  return from + std::chrono::minutes{gap > 0 ? gap : gap + 1440};
}

std::string patroller_on_duty(City const& city, Case const& c, Instant at, std::string_view not_of_unit) {
  return find_checker(city, c, at, not_of_unit);
}

}  // namespace wangge::core
