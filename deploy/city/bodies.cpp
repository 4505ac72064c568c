// Calendars, units (a tree of any depth, never a ring), squads, and who patrols when.
#include <algorithm>

#include "deploy/city/readers.hpp"
#include "dispatcher/core/rule_check.hpp"

namespace wangge::deploy {
namespace {

constexpr std::size_t kLongestNote = 200;

// "08:00-12:00;14:00-18:00"
std::vector<core::Session> sessions_of(TableRow& row) {
  std::vector<core::Session> sessions;
  std::string_view rest = row["sessions"];
  std::int32_t last = 0;
  while (!rest.empty()) {
    auto const one = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    auto const from = one.size() == 11 ? parse_minute(one.substr(0, 5)) : std::nullopt;
    auto const to = one.size() == 11 && one[5] == '-' ? parse_minute(one.substr(6)) : std::nullopt;
    if (!from || !to || *from >= *to || *from < last) {
      row.bad("sessions",
              "\"" + std::string(one) + "\": sessions are like 08:00-12:00;14:00-18:00, in order, not overlapping");
      return {};
    }
    last = *to;
    sessions.push_back({*from, *to});
  }
  if (sessions.empty()) row.bad("sessions", "is empty");
  return sessions;
}

std::string arrows(std::vector<std::string> const& keys) {
  std::string out;
  for (auto const& key : keys) out += (out.empty() ? "" : " -> ") + key;
  return out;
}

}  // namespace

void read_calendars(CityReading& city) {
  Keys keys;
  CityTable(city.source, "calendars.csv", city.bad).each({"key", "sessions", "first", "last"}, [&](TableRow& row) {
    storage::standing::CalendarRow calendar;
    calendar.key = row.word("key");
    keys.add(row, "key", calendar.key);
    calendar.sessions = sessions_of(row);
    calendar.first = row.day("first");
    calendar.last = row.day("last");
    if (row.good() && calendar.first > calendar.last) row.bad("last", "lies before first");
    if (row.good()) city.set.calendars.push_back(std::move(calendar));
  });
  CityTable(city.source, "calendar_days.csv", city.bad).each({"calendar", "day", "works"}, [&](TableRow& row) {
    auto const& key = row.word("calendar");
    auto const day = row.day("day");
    bool const works = row.one_of("works", {"yes", "no"}) == "yes";
    if (key != "*" && !keys.has(key)) row.bad("calendar", "no calendar " + key + " (or * for all)");
    if (!row.good()) return;
    for (auto& calendar : city.set.calendars) {
      if (key != "*" && calendar.key != key) continue;
      if (day < calendar.first || day > calendar.last) row.bad("day", "lies outside calendar " + calendar.key);
      if (!calendar.days.emplace(day, works).second) row.bad("day", "the same day twice in calendar " + calendar.key);
      if (row["note"].size() > kLongestNote) row.bad("note", "is longer than " + std::to_string(kLongestNote) + " bytes");
      if (!row["note"].empty()) calendar.notes[day] = row["note"];  // without one, whoever asks reads that no basis is named
    }
  });
  CityTable(city.source, "calendar_seasons.csv", city.bad).each({"calendar", "first", "sessions"}, [&](TableRow& row) {
    auto const& key = row.word("calendar");
    auto const day = row.day("first");
    auto sessions = sessions_of(row);
    if (!keys.has(key)) row.bad("calendar", "no calendar " + key);
    if (!row.good()) return;
    for (auto& calendar : city.set.calendars) {
      if (calendar.key != key) continue;
      if (day < calendar.first || day > calendar.last) row.bad("first", "lies outside calendar " + key);
      else if (!calendar.seasons.emplace(day, std::move(sessions)).second) row.bad("first", "two seasons begin on the same day");
    }
  }, true);
  if (!keys.has(city.set.policy.calendar)) {
    city.complain("district.toml", 0, "policy.calendar", "no calendar " + city.set.policy.calendar);
  }
}

void read_bodies(CityReading& city) {
  Keys units, squads;
  std::set<std::string> calendars;
  for (auto const& calendar : city.set.calendars) calendars.insert(calendar.key);
  CityTable(city.source, "units.csv", city.bad).each({"key", "zh", "en", "calendar"}, [&](TableRow& row) {
    core::Unit unit{row.word("key"), row.word("zh"), row.word("en"), row["calendar"], row["parent"]};
    units.add(row, "key", unit.key);
    if (!unit.calendar.empty() && !calendars.contains(unit.calendar))
      row.bad("calendar", "no calendar " + unit.calendar);
    city.units.insert(unit.key);
    city.set.units.push_back(std::move(unit));
  });
  std::map<std::string, std::string> parents;
  for (auto const& unit : city.set.units) {
    parents[unit.key] = unit.parent;
    if (!unit.parent.empty() && !units.has(unit.parent))
      city.complain("units.csv", units.line(unit.key), "parent", "no unit " + unit.parent);
  }
  if (auto const ring = core::ring_of(parents); !ring.empty())
    city.complain("units.csv", units.line(ring.front()), "parent", "units in a ring: " + arrows(ring));
  CityTable(city.source, "squads.csv", city.bad).each({"key", "unit", "zh", "en"}, [&](TableRow& row) {
    core::Squad squad{row.word("key"), row.word("unit"), row.word("zh"), row.word("en"), row.real_or_none("lon", -180, 180),
                      row.real_or_none("lat", -90, 90), row["contractor"]};
    squads.add(row, "key", squad.key);
    if (!squad.contractor.empty() && !units.has(squad.contractor)) row.bad("contractor", "no unit " + squad.contractor);
    if (!units.has(squad.unit)) row.bad("unit", "no unit " + squad.unit);
    city.squad_unit[squad.key] = squad.unit;
    city.set.squads.push_back(std::move(squad));
  });
}

void check_calendars(CityReading& city) {
  for (auto const& unit : city.set.units) {
    bool const there = std::any_of(city.set.calendars.begin(), city.set.calendars.end(), [&](auto const& c) { return c.key == unit.calendar; });
    if (!unit.calendar.empty() && !there) city.complain("calendars.csv", 0, "key", "unit " + unit.key + " works by calendar " + unit.calendar);
  }
}

// A unit or a squad that goes while something names it would leave that without an answer, or take it along.
void check_bodies(CityReading& city) {
  auto const missed = [&](std::string const& who, std::string const& unit, std::string const& squad) {
    if (!unit.empty() && !city.units.contains(unit)) city.complain("units.csv", 0, "key", who + " names unit " + unit);
    if (!squad.empty() && !city.squad_unit.contains(squad)) city.complain("squads.csv", 0, "key", who + " names squad " + squad);
  };
  for (auto const& rule : city.set.routes) missed("rule " + rule.id, rule.unit, rule.squad);
  for (auto const& line : city.set.responsibilities) {
    missed("line " + line.id + " of the responsibility list", line.responsible, "");
    missed("line " + line.id + " of the responsibility list", line.supervising, "");
    for (auto const& unit : line.assisting) missed("line " + line.id + " of the responsibility list", unit, "");
  }
  for (auto const& shift : city.set.shifts) missed("a shift", "", shift.squad);
  for (auto const& absence : city.set.absences) missed("an absence", "", absence.squad), missed("an absence", "", absence.stand_in);
  for (auto const& line : city.set.duty) missed("the roster of " + line.patroller, line.unit, "");
  for (auto const& [squad, unit] : city.squad_unit) {
    auto const rule = std::find_if(city.set.routes.begin(), city.set.routes.end(),
                                   [&squad = squad, &unit = unit](auto const& r) { return r.squad == squad && r.unit != unit; });
    if (rule != city.set.routes.end()) city.complain("squads.csv", 0, "unit", "rule " + rule->id + " names squad " + squad + " under unit " + rule->unit);
  }
}

void read_duty(CityReading& city) {
  city.set.duty.clear();
  std::set<std::string> duty_grids;
  for (auto const& area : city.set.areas) {
    if (area.layer == "duty") duty_grids.insert(area.code);
  }
  CityTable(city.source, "duty.csv", city.bad)
      .each({"patroller", "unit", "street", "community", "grid", "from", "to"}, [&](TableRow& row) {
        core::DutyLine line{row.word("patroller"), row["unit"],        row["street"],   row["community"],
                            row["grid"],           row.minute("from"), row.minute("to")};
        line.duty_grid = row["duty_grid"];
        auto const when = row.times();
        line.from = when.from, line.to = when.to, line.weekdays = when.weekdays;
        if (!line.unit.empty() && !city.units.contains(line.unit)) row.bad("unit", "no unit " + line.unit);
        if (!line.street.empty() && !city.streets.contains(line.street)) row.bad("street", "no street " + line.street);
        if (!line.community.empty() && !city.communities.contains(line.community)) {
          row.bad("community", "no community " + line.community);
        }
        if (!line.grid.empty() && !city.grids.contains(line.grid)) row.bad("grid", "no cell " + line.grid);
        if (!line.duty_grid.empty() && !duty_grids.contains(line.duty_grid))
          row.bad("duty_grid", "areas.csv has no area " + line.duty_grid + " of the layer duty");
        if (row.good() && line.from_minute >= line.to_minute)
          row.bad("to", "does not lie after from; a night is two lines");
        city.set.duty.push_back(std::move(line));
      });
}

}  // namespace wangge::deploy
