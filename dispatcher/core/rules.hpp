// What a city decides about its cases before they come: who answers for what (rules, the responsibility list, shifts,
// absences), campaigns and emergency plans. Plain data read by routing and filing; part of City.
#pragma once

#include "dispatcher/core/calendar.hpp"

namespace wangge::core {

// When a line holds, in the district's local time. Nothing set: always. A span over midnight belongs to the day on
// which it began: Friday 22:00-06:00 holds on Saturday at 05:59, and not on Friday at 05:59.
struct Times {
  std::optional<LocalDay> from, to;                // from <= day < to
  std::uint8_t weekdays = 0x7f;                    // bit 0 Monday … bit 6 Sunday
  std::int32_t from_minute = 0, to_minute = 1440;  // half-open; from > to: over midnight
  bool hold(LocalDay day, std::int32_t minute) const;
  // Could there be a moment at which both hold? (Dates, days of the week, minutes.)
  bool meet(Times const& other) const;
  bool cover(Times const& other) const;  // holds whenever the other does
  bool operator==(Times const&) const = default;
};

// The order in which an answer is looked for (DOMAIN 9.1, RULINGS 2, 16, 17). decision: what the coordination desk
// ruled, the newest first; ordered: the city's own rules, the first that fits; then the component's bodies, the exact
// place, the responsibility list, and the defaults. On a level without an order two answers are a dispute and a person
// decides.
enum class RouteLevel : std::uint8_t {
  decision,
  ordered,
  component_maintainer,
  condition_in_grid,
  condition_in_street,
  responsibility,
  class_in_district,
  territorial,
};
inline constexpr std::array<std::string_view, 8> kRouteLevels{
    "decision",       "ordered",           "component_maintainer", "condition_in_grid", "condition_in_street",
    "responsibility", "class_in_district", "territorial"};
constexpr std::string_view id(RouteLevel l) {
  return kRouteLevels[static_cast<std::size_t>(l)];
}
std::optional<RouteLevel> route_level_from(std::string_view id);

// How a squad is found where a rule names only its unit: whoever is on shift there, then by this, then by name.
inline constexpr std::array<std::string_view, 3> kPicks{"shift", "distance", "load"};

// One rule. An empty field asks nothing; each level has fields it needs (rule_check.hpp names what is missing).
struct RouteRule {
  std::string id;
  RouteLevel level = RouteLevel::territorial;
  std::string maintainer;            // a body of the component: its maintainer, else its owner (RULINGS 16)
  std::string standard, kind, code;  // the category …
  std::string condition;             // … and its filing condition
  std::string class_code;
  std::string grid, community, street, area_level;  // where
  std::string source, campaign;
  Times when;
  std::string unit, squad;  // the answer; without a squad it is picked
  std::string pick;         // one of kPicks; "" = shift
  std::string document;     // the paper it stands on: number of the order, minutes of the desk
  bool operator==(RouteRule const&) const = default;
};

// 权责清单: one line of the responsibility list (RULINGS 17).
struct Responsibility {
  std::string id;
  std::string standard, kind, code, condition;  // a matter, or …
  std::string class_code;                       // … every matter of a class
  std::string area;                      // street, community or grid by its digits (9, 12, 15); "" = the whole district
  std::string supervising, responsible;  // 主管, 责任
  std::vector<std::string> assisting;    // 协办
  std::string basis, document;           // the law or order, and its number
  Times when;                            // from, to
  std::string pick;
  bool operator==(Responsibility const&) const = default;
};

struct SquadShift {
  std::string squad;
  std::string street, community, grid;  // what it covers; the widest non-empty one binds; all empty: the district
  Times when;
  bool operator==(SquadShift const&) const = default;
};

struct Absence {
  std::string squad;
  Instant from{}, to{};  // half-open
  std::string stand_in;  // the squad that takes its cases; "" = any other of the unit
  std::string reason;
  bool operator==(Absence const&) const = default;
};

// An area of a layer (责任网格 duty grid, management grid, evaluation grid, …) over the unit grids. Layers are trees of
// any depth. `grids` are codes, or prefixes ending in '*'.
struct Area {
  std::string layer, code, parent, zh, en;
  std::vector<std::string> grids;
  bool covers(std::string_view grid) const;
  bool operator==(Area const&) const = default;
};

// Categories as a city writes them in a list: "06" (a class) or "gbt47678.5-2026/matter/06010". Empty: every one.
bool among_categories(std::vector<std::string> const& list, Case const& c);

// A place of a campaign that somebody has to look at.
struct CampaignPoint {
  std::string key, name;
  double lon = 0, lat = 0;  // CGCS2000
  bool operator==(CampaignPoint const&) const = default;
};

std::string point_text(CampaignPoint const& point);              // "KEY LON LAT NAME", as a city writes it
std::optional<CampaignPoint> point_from(std::string_view line);  // nullopt: it is not written so

// 专项: a survey or a drive over an area for a time.
struct Campaign {
  std::string key, zh, en;
  std::vector<std::string> categories, areas, sources;  // areas: street, community or grid codes
  Times when;
  std::int64_t quota = 0;  // reports wanted; 0: none
  bool apart = false;      // counted apart: in a table of its own, not in the month's
  std::vector<std::string> checklist;
  std::vector<CampaignPoint> points;
  bool operator==(Campaign const&) const = default;
};

// An emergency plan (暴雨, 降雪, 重大活动). While it is on, what is filed of `urgent` gets the urgent clock, and limits
// of `relaxed` on one of `clocks` grow to `percent`; each such case is flagged. Off again, nothing of it is left in
// force.
struct Plan {
  std::string key, zh, en;
  std::vector<std::string> urgent, relaxed, clocks;
  std::int64_t urgent_minutes = 120, percent = 200;
  std::vector<std::pair<Instant, std::optional<Instant>>> on;  // when it was switched on and off
  bool is_on(Instant at) const;
  bool operator==(Plan const&) const = default;
};

// 管控区域 or a managed place: inside, at these times, these categories are no problem to report (an approved roadwork,
// a morning market). The report is taken all the same and flagged for the acceptor.
struct ManagedPlace {
  std::string key, kind, zh, en;  // kind: control | market
  std::vector<std::string> allowed;
  Times when;
  std::string document;
  std::int64_t stalls = 0;                      // a market's plan
  std::vector<std::pair<double, double>> ring;  // CGCS2000, closed
  bool operator==(ManagedPlace const&) const = default;
};

}  // namespace wangge::core
