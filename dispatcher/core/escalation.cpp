#include "dispatcher/core/escalation.hpp"

#include <algorithm>

namespace wangge::core {

namespace {

constexpr std::array kSquad{Role::squad_leader, Role::disposer, Role::unit_clerk};
constexpr std::array kHead{Role::unit_head, Role::unit_clerk};
constexpr std::array kShift{Role::shift_leader};
constexpr std::array kDesk{Role::coordinator};
constexpr std::array kCommittee{Role::leader};

struct Rung {
  AlarmClock clock;
  std::string_view id;
  std::span<Role const> told;
  bool in_unit;
  std::int64_t Policy::*after;  // work minutes after the deadline; nullptr: at it (a warning: before it)
};
constexpr Rung kRungs[]{
    {AlarmClock::disposal, "warn", kSquad, true, nullptr},
    {AlarmClock::disposal, "breach", kHead, true, nullptr},
    {AlarmClock::disposal, "shift", kShift, false, &Policy::ladder_shift_minutes},
    {AlarmClock::disposal, "desk", kDesk, false, &Policy::ladder_desk_minutes},
    {AlarmClock::disposal, "committee", kCommittee, false, &Policy::ladder_committee_minutes},
    {AlarmClock::stage, "breach", kShift, false, nullptr},
    {AlarmClock::stage, "desk", kDesk, false, &Policy::ladder_desk_minutes},
    {AlarmClock::stage, "committee", kCommittee, false, &Policy::ladder_committee_minutes},
    {AlarmClock::milestone, "breach", kHead, true, nullptr},
    {AlarmClock::milestone, "shift", kShift, false, &Policy::ladder_shift_minutes},
    {AlarmClock::milestone, "committee", kCommittee, false, &Policy::ladder_committee_minutes},
    {AlarmClock::order, "breach", kHead, true, nullptr},
    {AlarmClock::order, "shift", kShift, false, &Policy::ladder_shift_minutes},
    {AlarmClock::order, "committee", kCommittee, false, &Policy::ladder_committee_minutes},
};
constexpr std::int64_t kUrgentIsFaster = 8;  // an urgent case climbs in an eighth of the minutes, through nights

bool urgent(Case const& c, AlarmClock clock) {
  bool const counts = clock == AlarmClock::disposal || (clock == AlarmClock::milestone && c.milestone == "made_safe");
  return c.urgent || (counts && c.clock == core::id(ClockKind::urgent));
}

// Before the breach and inside working hours: earlier rather than in the night; at the next opening where the clock
// began after hours. nullopt: there is no such moment.
std::optional<Instant> warning_at(Calendar const& calendar, Case const& c, bool night_too) {
  if (!c.warn_at || !c.due_at || *c.warn_at >= *c.due_at) return std::nullopt;
  if (night_too) return c.warn_at;
  auto at = calendar.last_open(*c.warn_at);
  if (c.run_from && at < *c.run_from) at = calendar.next_open(std::max(*c.warn_at, *c.run_from));
  return at < *c.due_at ? std::optional(at) : std::nullopt;
}

}  // namespace

std::optional<AlarmClock> alarm_clock_from(std::string_view id) {
  auto const found = std::find(kAlarmClocks.begin(), kAlarmClocks.end(), id);
  if (found == kAlarmClocks.end()) return std::nullopt;
  return static_cast<AlarmClock>(found - kAlarmClocks.begin());
}

std::optional<Instant> alarm_due(Case const& c, AlarmClock clock) {
  if (c.backdated) return std::nullopt;
  if (clock == AlarmClock::order) {  // also of a case that has ended: an order wants its answer
    std::optional<Instant> first;
    for (auto const& o : c.orders)
      if (!o.answered_at && o.until && (!first || *o.until < *first)) first = o.until;
    return first;
  }
  if (!info(c.state).open) return std::nullopt;
  switch (clock) {
    case AlarmClock::disposal:
      return c.left_ms || c.handed_over_at ? std::nullopt : c.due_at;
    case AlarmClock::stage:
      return c.stage_due_at;
    case AlarmClock::milestone:
      return c.milestone_due_at;
    default:
      return std::nullopt;  // a hotline order's clock: hotline.cpp
  }
}

std::vector<AlarmStep> alarm_ladder(City const& city, Case const& c, AlarmClock clock) {
  std::vector<AlarmStep> ladder;
  auto const due = alarm_due(c, clock);
  if (!due) return ladder;
  bool const night_too = urgent(c, clock);
  auto const& center = city.calendar_of("");
  for (auto const& rung : kRungs) {
    if (rung.clock != clock) continue;
    // A case without a unit has nobody of a unit to tell: the shift is told instead.
    bool const in_unit = rung.in_unit && !c.unit.empty();
    auto const told = rung.in_unit && !in_unit ? std::span<Role const>(kShift) : rung.told;
    auto const& calendar = in_unit ? city.calendar_of(c.unit) : center;
    Instant at = *due;
    if (rung.id == "warn") {
      auto const early = warning_at(calendar, c, night_too);
      if (!early) continue;
      at = *early;
    } else if (!rung.after) {
      at = night_too ? *due : calendar.next_open(*due);
    } else {
      auto const wait = city.policy.*rung.after;
      at = night_too ? *due + std::chrono::minutes{wait / kUrgentIsFaster}
                     : calendar.add_work(*due, std::chrono::minutes{wait}).at;
    }
    if (!ladder.empty()) at = std::max(at, ladder.back().at);
    ladder.push_back({rung.id, at, told, in_unit});
  }
  return ladder;
}

std::vector<AlarmChange> alarm_changes(City const& city, Case const& before, Case const& after) {
  std::vector<AlarmChange> changes;
  for (std::size_t i = 0; i < kAlarmClocks.size(); ++i) {
    auto const clock = static_cast<AlarmClock>(i);
    auto const was = alarm_due(before, clock), is = alarm_due(after, clock);
    if (was == is) continue;
    AlarmChange change{clock, is, std::nullopt};
    if (is) change.fire = alarm_ladder(city, after, clock).front().at;
    changes.push_back(change);
  }
  return changes;
}

}  // namespace wangge::core
