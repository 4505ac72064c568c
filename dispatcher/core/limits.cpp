// Deadlines: a limit on its own clock becomes a due and a warning instant, and what is left of it when it stops.
#include "dispatcher/core/decide.hpp"

namespace wangge::core {

namespace {

bool runs_always(ClockKind clock) {
  return clock == ClockKind::urgent || clock == ClockKind::natural_day;
}

Reached advance(Calendar const& calendar, ClockKind clock, Instant from, Millis time) {
  if (!runs_always(clock)) {
    return time >= Millis{0} ? calendar.add_work(from, time) : Reached{calendar.take_work(from, -time), false};
  }
  return {from + time, false};
}

}  // namespace

Deadline deadline(Calendar const& calendar, Limit const& limit, Instant from) {
  Millis const whole = std::chrono::minutes{limit.minutes};
  return deadline_left(calendar, limit.clock, from, whole, whole);
}

Deadline deadline_left(Calendar const& calendar, ClockKind clock, Instant from, Millis left, Millis whole) {
  auto const due = advance(calendar, clock, from, left);
  auto const before_warning = left - whole / 5;  // yellow when a fifth is left
  if (left <= Millis{0}) return {due.at, due.at, due.provisional};
  if (before_warning <= Millis{0}) return {due.at, from, due.provisional};
  return {due.at, advance(calendar, clock, from, before_warning).at, due.provisional};
}

Millis left_at(Calendar const& calendar, ClockKind clock, Instant now, Instant due) {
  if (runs_always(clock)) return due - now;
  return now <= due ? calendar.work_between(now, due) : -calendar.work_between(due, now);
}

bool deadline_moved(City const& city, Case const& c) {
  auto const clock = clock_from(c.clock);
  if (!clock || !c.due_at || !c.run_from || !c.run_left_ms || c.left_ms || c.handed_over_at) return false;
  auto const now = deadline_left(city.calendar_of(c.unit), *clock, *c.run_from, Millis{*c.run_left_ms},
                                 std::chrono::minutes{c.limit_minutes});
  return now.due != *c.due_at || now.provisional != c.provisional;
}

namespace {

// The upper platform's deadline, until what was done here is told it (RULINGS 19). Yellow when a fifth is left.
std::string_view upstream_light(Case const& c, Instant now) {
  if (!c.upstream_due_at || c.upstream_done_at) return "";
  if (now > *c.upstream_due_at) return "red";
  return now >= c.opened_at + (*c.upstream_due_at - c.opened_at) * 4 / 5 ? "yellow" : "green";
}

std::string_view own_light(Case const& c, Instant now) {
  if (!c.due_at) return "";
  if (c.handed_over_at) return c.late ? "red" : "green";
  if (c.left_ms) {  // stands still: coloured by what is left
    if (*c.left_ms < 0) return "red";
    return *c.left_ms * 5 <= c.limit_minutes * 60'000 ? "yellow" : "green";
  }
  if (now > *c.due_at) return "red";
  return c.warn_at && now >= *c.warn_at ? "yellow" : "green";
}

}  // namespace

// Both clocks run, the earlier lights.
std::string_view light(Case const& c, Instant now) {
  if (!info(c.state).open) return "";
  auto const own = own_light(c, now), upstream = upstream_light(c, now);
  for (std::string_view const worse : {"red", "yellow", "green"})
    if (own == worse || upstream == worse) return worse;
  return "";
}

}  // namespace wangge::core
