// Who is told when a clock of a case runs out, and when: the ladder of each clock, rung by rung, ending at the
// committee (RULINGS 20). Pure: the engine keeps the next rung as a row that falls due by index, and asks here what
// comes after it. Rules: a warning comes inside working hours and before the breach; nothing comes in the night unless
// the case is urgent; a case nobody owns climbs by its stage's clock; a backdated case tells nobody (RULINGS 7).
#pragma once

#include <span>

#include "dispatcher/core/city.hpp"

namespace wangge::core {

// The clocks that can run out. Each climbs a ladder of its own; a new deadline begins it anew.
// hotline: of an order of its own (hotline.hpp), never of a case.
enum class AlarmClock : std::uint8_t { disposal, stage, milestone, order, hotline };
inline constexpr std::array<std::string_view, 5> kAlarmClocks{"disposal", "stage", "milestone", "order", "hotline"};
constexpr std::string_view id(AlarmClock k) {
  return kAlarmClocks[static_cast<std::size_t>(k)];
}
std::optional<AlarmClock> alarm_clock_from(std::string_view id);

struct AlarmStep {
  std::string_view id;  // warn | breach | shift | desk | committee
  Instant at;
  std::span<Role const> told;
  bool in_unit = false;  // those of the case's own unit; else of the whole district
};

// The deadline this clock runs towards; nullopt while it stands still or there is none.
std::optional<Instant> alarm_due(Case const& c, AlarmClock clock);
// The rungs in order of time, each not before the one before it. Empty: the clock does not run.
std::vector<AlarmStep> alarm_ladder(City const& city, Case const& c, AlarmClock clock);

// What one decision does to the armed clocks: begins a ladder (due and fire), or ends it (neither).
struct AlarmChange {
  AlarmClock clock = AlarmClock::disposal;
  std::optional<Instant> due, fire;
};
std::vector<AlarmChange> alarm_changes(City const& city, Case const& before, Case const& after);

}  // namespace wangge::core
