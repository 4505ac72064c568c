// A district's standing facts: catalogue, limits, calendars, units, routes, duty, policy. Loaded by the engine as one
// immutable value; the core only reads it. A change makes a new City, never edits one.
#pragma once

#include <map>
#include <set>
#include <unordered_map>

#include "dispatcher/core/evaluation.hpp"
#include "dispatcher/core/rules.hpp"
#include "dispatcher/core/settlement.hpp"

namespace wangge::core {

// The four units of a limit (DOMAIN 4.1). urgent 紧急工作时 and natural_day 自然日 run through nights and holidays.
enum class ClockKind : std::uint8_t { urgent, work_hour, work_day, natural_day };
inline constexpr std::array<std::string_view, 4> kClockKinds{"urgent", "work_hour", "work_day", "natural_day"};
constexpr std::string_view id(ClockKind k) { return kClockKinds[static_cast<std::size_t>(k)]; }
std::optional<ClockKind> clock_from(std::string_view id);

struct Limit {
  ClockKind clock = ClockKind::work_hour;
  std::int64_t minutes = 0;  // on that clock; a work day is 480, a natural day 1440
};

// A measure that a filing condition asks for: "damage_cm2 > 25" (CJ/T 315 names areas, heights, lengths).
struct Threshold {
  std::string measure, op;  // > >= < <=
  double value = 0;
  bool holds(double measured) const;
  bool operator==(Threshold const&) const = default;
};
// "damage_cm2>25;depth_cm>=3" and back. nullopt: no such text.
std::optional<std::vector<Threshold>> thresholds_from(std::string_view text);
std::string thresholds_text(std::vector<Threshold> const& thresholds);

// 立案条件: the limit hangs on it, not on the category (DOMAIN 0.3).
struct Condition {
  std::string id;  // within its category, "1", "2", …
  std::string zh, en;
  Limit limit;
  std::map<std::string, Limit, std::less<>> by_area;  // area level -> its own limit
  std::vector<Threshold> thresholds;                  // all must hold
  std::vector<std::string> closing;                   // closing codes that fit it; empty: any
  Limit const& limit_in(std::string_view area_level) const;
};

using Measures = std::vector<std::pair<std::string, double>>;

struct CatalogueEntry {
  CategoryKey key;
  std::string class_code, zh, en, class_zh, class_en;
  std::optional<Instant> valid_to;      // withdrawn from then on; valid-from never refuses (CONTRACT 4)
  std::vector<Condition> conditions;    // the first is the default
  std::int64_t photos_least = 0;        // of a report; fewer is flagged
  std::string photo_rule_zh, photo_rule_en;          // what must be seen on them
  std::string do_not_report_zh, do_not_report_en;    // what is no case of this category
  bool same_period = false;  // 同时段核查: comes and goes with the hour, so a check looks at the hour it was reported at
  Condition const* find(std::string_view condition_id) const;
  // The condition that measures select: the first whose thresholds all hold, else the first that has none, else the first.
  Condition const* by_measures(Measures const& measures) const;
};
// Do these measures contradict the condition? (One of its thresholds is measured and does not hold.)
bool contradicts(Condition const& condition, Measures const& measures);

// 新旧编码对照: how a category of one standard is called in another.
struct CrossMap {
  CategoryKey old_key, new_key;
  std::string kind;  // same | split | joined
  bool operator==(CrossMap const&) const = default;
};

struct ClosingName {
  std::string zh, en;
};

struct Unit {
  std::string key, zh, en;
  std::string calendar;  // key into City::calendars
  std::string parent;    // the unit above; units are a tree of any depth
};

struct Squad {
  std::string key, unit, zh, en;
  std::optional<double> lon{}, lat{};  // where it starts from
  std::string contractor{};            // whose people work for it, "" = the unit's own; they may not check it (RULINGS 13)
};

// Who patrols where and when (责任网格 roster line). Empty lists mean no bound.
struct DutyLine {
  std::string patroller;
  std::string unit;                       // the patroller's own body or contractor, must not be the disposing unit (RULINGS 13)
  std::string street, community, grid;    // the widest non-empty one binds
  std::int32_t from_minute = 0, to_minute = 1440;  // local minutes of the day, half-open
  std::string duty_grid;             // an area of the layer `duty` (RULINGS 15)
  std::optional<LocalDay> from, to;  // dates, from <= day < to
  std::uint8_t weekdays = 0x7f;      // bit 0 Monday
};

// City switches (policy). Every report that depends on one names it.
struct Policy {
  bool auto_accept = true, auto_file = true, auto_dispatch = true;
  bool auto_confirm = true, auto_send_check = true, auto_send_verify = true, auto_merge = true;
  std::set<std::string, std::less<>> verify_first{"hotline_12319", "hotline_12345", "public", "media"};
  double ai_confidence = 0.8;                      // ai below this is verified first
  std::int64_t return_window_minutes = 240;        // work minutes (RULINGS 2)
  std::int64_t return_window_urgent_minutes = 30;  // calendar minutes
  std::int64_t twin_metres = 50, twin_hours = 24;  // RULINGS 12
  std::int64_t verify_minutes = 30, check_minutes = 30;  // task clocks, calendar minutes (DOMAIN 3.1)
  std::int64_t unreceived_seconds = 120;           // CONTRACT 6
  // Stages' own limits, work minutes of the center (DOMAIN 3.1): accept, file, dispatch, review and send to check, close.
  std::int64_t accept_minutes = 15, file_minutes = 15, dispatch_minutes = 15, review_minutes = 30, close_minutes = 30;
  std::int64_t extensions_most = 2;                // RULINGS 4
  std::int64_t pause_days_most = 366;              // RULINGS 4: at most a year
  std::int64_t urgent_minutes = 120;               // 急要件: calendar minutes from the switch, never later than before
  std::int64_t reopen_days = 30;                   // a closed problem that is back within these days
  // The ladder of escalation (RULINGS 20): work minutes after a deadline until the next level is told, an urgent case an
  // eighth of them in calendar minutes. The breach itself tells the unit's head at once.
  std::int64_t ladder_shift_minutes = 240, ladder_desk_minutes = 480, ladder_committee_minutes = 1440;
  // Second looks by somebody else, after the closing and without knowing the first (RULINGS 13): this share, and all of
  // the citizens' hotline. A checker further from the place than this stands on the list of suspicious patterns.
  std::int64_t blind_percent = 10, check_metres = 200;
  // Milestones' own limits: calendar minutes to make a hazard safe; statutory days of an enforcement (RULINGS 5, 8).
  std::int64_t make_safe_minutes = 60, enforce_order_days = 7, enforce_decide_days = 90, enforce_fulfil_days = 15;
  // A same-period check (CatalogueEntry::same_period) looks so many minutes around the hour of the report.
  std::int64_t same_period_minutes = 60;
  // A hotline order's limits where the upstream platform gives none (RULINGS 18): work minutes of the center to sign for it, to
  // send it back, to reply.
  std::int64_t hotline_sign_minutes = 30, hotline_return_minutes = 480, hotline_reply_minutes = 2400;
  // DOMAIN 4.4. After a failed check or a rework the clock goes on with what was left (remaining: RULINGS 1), has the whole
  // limit again (fresh), or rework_minutes of it (short).
  std::string rework_clock = "remaining";
  std::int64_t rework_minutes = 240;
  // On time is what the unit confirmed by the deadline (confirm: RULINGS 1), or what its squad had submitted by then (submit).
  std::string on_time_at = "confirm";
  std::int64_t appeal_days = 5;                    // work days behind a month's cut-off; then its figures may be sealed
  std::string follow_up_closing = "made_safe";     // closed as this, the danger is gone and the repair is a linked case
  std::string calendar = "center";
  bool gallery_photos = false;                     // patrollers may hand in 相册 pictures too; marked as such either way
};

struct City {
  std::string district, zh, en, exchange_code;
  std::chrono::minutes utc_offset{480};  // the district's zone
  std::int64_t version = 0;  // of the standing data; rises with every load
  std::map<CategoryKey, CatalogueEntry> catalogue;
  std::map<std::string, Calendar, std::less<>> calendars;
  std::map<std::string, Unit, std::less<>> units;
  std::map<std::string, Squad, std::less<>> squads;
  std::vector<RouteRule> routes;
  std::vector<DutyLine> duty;
  std::vector<std::string> closing_conditions;  // codes; has `restored`
  std::map<std::string, ClosingName, std::less<>> closing_names;
  std::vector<CrossMap> cross_map;
  std::int64_t catalogue_version = 0;  // what cases filed now are filed under
  std::vector<Responsibility> responsibilities;
  std::vector<SquadShift> shifts;
  std::vector<Absence> absences;
  std::vector<Area> areas;
  std::vector<Campaign> campaigns;
  std::vector<Plan> plans;
  std::vector<ManagedPlace> managed;
  std::vector<Scheme> schemes;   // of evaluation, the city's own
  std::vector<Tariff> tariffs;   // of the patrols' monthly settlement
  Policy policy;
  std::optional<Instant> sealed_before;  // the end of the newest sealed month: nothing is backdated before it (RULINGS 7)

  CatalogueEntry const* find(CategoryKey const& key) const;
  Calendar const& calendar_of(std::string_view unit) const;  // the unit's, else the policy's default
  std::string_view contractor_of(std::string_view squad) const;  // "" = none
  std::string const& calendar_key_of(std::string_view unit) const;
  Area const* area(std::string_view layer, std::string_view code) const;
  // The names from the root down to this key, joined by " / ", at any depth; a ring of parents ends where it began.
  std::string unit_path(std::string_view unit, std::string_view lang) const;
  std::string area_path(std::string_view layer, std::string_view code, std::string_view lang) const;
  // The first campaign that counts this report, "" = none.
  std::string campaign_of(Case const& c, Instant at) const;
  // Indexes built once by finish(): routes by their matching key. Call after filling the vectors.
  void finish();
  std::unordered_map<std::string, std::vector<std::uint32_t>> route_index;  // route_key -> rules, in file order
  std::unordered_map<std::string, std::vector<std::uint32_t>> list_index;   // category or class -> responsibilities
  bool knows_components = false;  // has surveyed its components: a fault without an id can be told from one on the map
  bool picks_by_load = false;  // some rule asks how busy squads are
};

}  // namespace wangge::core
