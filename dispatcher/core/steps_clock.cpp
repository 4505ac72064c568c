// What a row does to the disposal clock: its limit, where it starts and stops, how its deadline comes about.
#include <algorithm>
#include <charconv>

#include "dispatcher/core/explain.hpp"
#include "dispatcher/core/steps.hpp"

namespace wangge::core {

Millis Steps::left_on(Instant when) const {
  auto const left = left_at(city().calendar_of(c_.unit), clock(), when, *c_.due_at);
  if (left == Millis{0} && when > *c_.due_at) return Millis{-1};  // late is late, also where no working time has passed
  return c_.run_left_ms ? std::min(left, Millis{*c_.run_left_ms}) : left;  // before the segment began it had all of it
}

// Granted from the asking on (RULINGS 2). Granted only after the day the pause was to last, what ran since then has run.
Millis Steps::left_from_request() const {
  auto const left = left_on(asked_at_.value_or(when_.at));
  if (!c_.suspended_until || *c_.suspended_until >= when_.at) return left;
  auto const& calendar = city().calendar_of(c_.unit);
  return left - (left_at(calendar, clock(), *c_.suspended_until, *c_.due_at) - left_at(calendar, clock(), when_.at, *c_.due_at));
}

// The same unit again goes on with what it had left, whoever had the case between; another begins afresh (DOMAIN 3.3, row 12).
Millis Steps::left_of_unit(Case const& before) {
  if (!c_.left_ms || before.unit == c_.unit) return c_.left_ms ? Millis{*c_.left_ms} : whole();
  forget_left_of(before.unit);
  set_flag(c_, "left_of:" + before.unit + ":" + std::to_string(*c_.left_ms));
  auto const had = flag_value(c_, "left_of:" + c_.unit);
  std::int64_t left = whole().count();
  std::from_chars(had.data(), had.data() + had.size(), left);
  forget_left_of(c_.unit);
  return c_.urgent ? std::min(Millis{left}, whole()) : Millis{left};
}

void Steps::forget_left_of(std::string_view unit) {
  auto const prefix = "left_of:" + std::string(unit) + ":";
  std::erase_if(c_.flags, [&](std::string const& f) { return unit.empty() ? f.starts_with("left_of:") : f.starts_with(prefix); });
}

void Steps::apply_clock(Case const& before, Row const& row) {
  switch (row.clock) {
    case ClockEffect::none:
    case ClockEffect::end:
      break;
    case ClockEffect::start:
      start_clock(left_of_unit(before));
      break;
    case ClockEffect::stop:
      c_.left_ms = left_on(when_.at).count();
      break;
    case ClockEffect::stop_from_request:
      c_.left_ms = left_from_request().count();
      break;
    case ClockEffect::stop_hand_over: {
      bool const submitted = city().policy.on_time_at == "submit" && c_.disposed_at;
      auto const judged = submitted ? std::min(*c_.disposed_at, when_.judged) : when_.judged;
      c_.handed_over_at = when_.judged;
      c_.late = judged > *c_.due_at;
      c_.left_ms = left_on(judged).count();
      break;
    }
    case ClockEffect::resume:
      start_clock(row.count == CountEffect::rework ? after_rework(Millis{c_.left_ms.value_or(0)}) : Millis{c_.left_ms.value_or(0)});
      break;
    case ClockEffect::extend:
      extend_clock();
      break;
    case ClockEffect::hurry:
      hurry_clock();
      break;
    case ClockEffect::reproject:
      reproject_clock();
      break;
  }
}

// What the clock has after a failed check or a rework: a city's switch (DOMAIN 4.4).
Millis Steps::after_rework(Millis left) const {
  auto const& policy = city().policy;
  if (policy.rework_clock == "fresh") return whole();
  if (policy.rework_clock == "short") return std::min<Millis>(std::chrono::minutes{policy.rework_minutes}, whole());
  return left;
}

void Steps::set_due(Deadline const& reached, Instant from, Millis left) {
  c_.due_at = reached.due;
  c_.warn_at = reached.warn;
  c_.provisional = reached.provisional;
  c_.left_ms.reset();
  c_.run_from = from;
  c_.run_left_ms = left.count();
  c_.explain = explain_deadline(c_.explain, c_, city().calendar_key_of(c_.unit), from, left);
  for (auto& task : open_) {
    if (!task.open || (task.kind != TaskKind::dispose && task.kind != TaskKind::assist)) continue;
    task.due_at = c_.due_at;
    changed(task).task = task;
  }
}

void Steps::start_clock(Millis left) {
  auto const& calendar = city().calendar_of(c_.unit);
  set_due(deadline_left(calendar, clock(), when_.starts, left, whole()), when_.starts, left);
}

// One original limit more: the running segment has so much more, so the deadline moves on from the one there was.
void Steps::extend_clock() {
  auto const& calendar = city().calendar_of(c_.unit);
  auto const from = c_.run_from.value_or(*c_.due_at);  // a case from before the ledger counts on from its deadline
  auto const left = (c_.run_from ? Millis{c_.run_left_ms.value_or(0)} : Millis{0}) + whole();
  set_due(deadline_left(calendar, clock(), from, left, whole()), from, left);
}

// The same segment on the calendar as it is now.
void Steps::reproject_clock() {
  Millis const left{*c_.run_left_ms};
  auto const from = *c_.run_from;
  set_due(deadline_left(city().calendar_of(c_.unit), clock(), from, left, whole()), from, left);
}

// On the urgent clock from now on: the policy's minutes, but never later than it was due before.
void Steps::hurry_clock() {
  c_.urgent = true;
  if (c_.clock.empty()) return;  // not filed yet: the filing gives the urgent limit
  auto const minutes = std::min(city().policy.urgent_minutes, c_.limit_minutes > 0 && clock() == ClockKind::urgent
                                                                  ? c_.limit_minutes : city().policy.urgent_minutes);
  Millis const most = std::chrono::minutes{minutes};
  c_.clock = id(ClockKind::urgent);
  c_.limit_minutes = minutes;
  if (!c_.due_at) return;  // it starts at the dispatch
  if (c_.left_ms) {        // standing still, also behind a hand-over: at most so much will be left
    c_.left_ms = std::min(*c_.left_ms, most.count());
    return;
  }
  auto const before = *c_.due_at;
  auto const due = std::min(before, when_.starts + most);
  auto const& calendar = city().calendar_of(c_.unit);
  set_due(deadline_left(calendar, ClockKind::urgent, when_.starts, due - when_.starts, most), when_.starts, due - when_.starts);
}

// The limit of the area, then what an emergency plan that is on makes of it. Each change leaves its flag, so that a plan
// switched off leaves no trace on what is filed afterwards, and what was filed under it can be found.
Limit Steps::limit_now(CatalogueEntry const& entry, Condition const& condition) {
  auto limit = condition.limit_in(c_.area_level);
  Case asked = c_;
  asked.class_code = entry.class_code;
  std::erase_if(c_.flags, [](std::string const& f) { return f.starts_with("urgent_by:") || f.starts_with("relaxed_by:"); });
  for (auto const& plan : city().plans) {
    if (!plan.is_on(when_.at)) continue;
    bool const urgent = !plan.urgent.empty() && among_categories(plan.urgent, asked);
    bool const relaxed = !plan.relaxed.empty() && among_categories(plan.relaxed, asked) &&
                         std::find(plan.clocks.begin(), plan.clocks.end(), id(limit.clock)) != plan.clocks.end();
    if (urgent && !(limit.clock == ClockKind::urgent && limit.minutes <= plan.urgent_minutes)) {
      limit = {ClockKind::urgent, plan.urgent_minutes};
      set_flag(c_, "urgent_by:" + plan.key);
    } else if (relaxed) {
      limit.minutes = limit.minutes * plan.percent / 100;
      set_flag(c_, "relaxed_by:" + plan.key);
    }
  }
  if (c_.urgent && limit.clock != ClockKind::urgent) limit = {ClockKind::urgent, city().policy.urgent_minutes};
  return limit;
}

}  // namespace wangge::core
