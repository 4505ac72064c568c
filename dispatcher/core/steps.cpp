// The mechanics of one row: state, version, the disposal clock (RULINGS 1, 2), counts, tasks, history, spans.
#include "dispatcher/core/steps.hpp"

#include <algorithm>

#include "dispatcher/core/explain.hpp"

namespace wangge::core {

Steps::Steps(Facts const& facts, Case start, Instant at, Instant judged)
    : facts_(facts), c_(std::move(start)), at_(at), judged_(judged), open_(facts.open_tasks) {}

Case Steps::begin(Row const& row) {
  Case before = c_;
  c_.state = row.to;
  c_.version += 1;
  c_.last_at = at_;
  return before;
}

void Steps::finish(Case const& before, Row const& row, Hand const& hand) {
  apply_clock(before, row.clock);
  apply_count(row.count);
  end_tasks_of(row.action);
  if (!info(row.to).open) {
    c_.closed_at = at_;
    c_.pending_request.clear();
    c_.requested_by.clear();
    c_.requested_at.reset();
    for (auto const kind : {TaskKind::dispose, TaskKind::verify, TaskKind::check, TaskKind::assist})
      end_tasks(kind, true);
  }
  HistoryRow history;
  history.version = c_.version;
  history.action = std::string(id(row.action));
  history.actor = hand.actor;
  history.role = hand.role;
  history.from = before.state;
  history.to = c_.state;
  history.at = at_;
  history.reason = hand.reason;
  history.opinion = hand.opinion;
  history.photos = hand.photos;
  history.command_id = hand.command_id;
  history.changes = diff(before, c_);
  if (auto change = span_change(before, c_, history)) out_.spans.push_back(std::move(*change));
  out_.rows.push_back(std::move(history));
}

void Steps::apply_clock(Case const& before, ClockEffect effect) {
  auto const left_on = [&](Instant when) {
    auto const clock = clock_from(c_.clock).value_or(ClockKind::work_hour);
    auto const left = left_at(city().calendar_of(c_.unit), clock, when, *c_.due_at).count();
    return left == 0 && when > *c_.due_at ? -1 : left;  // late is late, also where no working time has passed
  };
  switch (effect) {
    case ClockEffect::none:
    case ClockEffect::end:
      break;
    case ClockEffect::start:  // the same unit again goes on with what was left; another begins afresh
      start_clock(c_.left_ms && before.unit == c_.unit ? Millis{*c_.left_ms} : whole());
      break;
    case ClockEffect::stop:
      c_.left_ms = left_on(at_);
      break;
    case ClockEffect::stop_from_request:
      c_.left_ms = left_on(c_.requested_at.value_or(at_));
      break;
    case ClockEffect::stop_hand_over:
      c_.handed_over_at = judged_;
      c_.late = judged_ > *c_.due_at;
      c_.left_ms = left_on(judged_);
      break;
    case ClockEffect::resume:
      start_clock(Millis{c_.left_ms.value_or(0)});
      break;
  }
}

void Steps::apply_count(CountEffect effect) {
  switch (effect) {
    case CountEffect::accept:
      c_.accepted_at = at_;
      break;
    case CountEffect::file:  // a case returned to filing and filed again was filed once
      if (!c_.filed_at) c_.filed_at = at_;
      break;
    case CountEffect::dispatch:  // likewise: the first dispatch is the one that counts
      if (!c_.dispatched_at) c_.dispatched_at = at_;
      break;
    case CountEffect::returned:
      c_.returns += 1;
      break;
    case CountEffect::dispose:
      c_.disposed_at = at_;
      break;
    case CountEffect::rework:
      c_.rework += 1;
      void_hand_over();
      break;
    case CountEffect::check:
      c_.checked_at = at_;
      break;
    default:
      break;  // report, not_accept, not_file, hand_over and the ends: the state and closed_at say it
  }
}

void Steps::void_hand_over() {
  c_.handed_over_at.reset();
  c_.late = false;
  c_.disposed_at.reset();
  c_.signed_at.reset();
}

void Steps::start_clock(Millis left) {
  auto const& calendar = city().calendar_of(c_.unit);
  auto const clock = clock_from(c_.clock).value_or(ClockKind::work_hour);
  auto const reached = deadline_left(calendar, clock, at_, left, whole());
  c_.due_at = reached.due;
  c_.warn_at = reached.warn;
  c_.provisional = reached.provisional;
  c_.left_ms.reset();
  auto const unit = city().units.find(c_.unit);
  c_.explain = explain_deadline(c_.explain, c_,
                                unit == city().units.end() ? city().policy.calendar : unit->second.calendar, at_, left);
  for (auto& task : open_) {  // the dispose task made in this row learns its due
    if (!task.open || task.kind != TaskKind::dispose) continue;
    task.due_at = c_.due_at;
    changed(task).task = task;
  }
}

void Steps::file(Row const& row, Hand const& hand, CatalogueEntry const& entry, Condition const& condition) {
  take(row, hand, [&](Case& c) {
    bool const other_limit = c.clock != id(condition.limit.clock) || c.limit_minutes != condition.limit.minutes;
    c.class_code = entry.class_code;
    c.condition = condition.id;
    c.clock = std::string(id(condition.limit.clock));
    c.limit_minutes = condition.limit.minutes;
    // Returned to filing after a dispatch and filed under another limit: the next dispatch has that limit whole.
    if (c.left_ms && other_limit) c.left_ms = whole().count();
  });
}

void Steps::dispatch(Row const& row, Hand const& hand, Routed const& to, std::vector<std::string> const& tried) {
  take(row, hand, [&](Case& c) {
    if (!c.unit.empty() && c.unit != to.unit && c.requested_at && c.pending_request.empty()) c.wrong_dispatch = true;
    if (c.pending_request.empty()) c.requested_at.reset();  // kept by an approved return until now
    c.unit = to.unit;
    c.squad = to.squad;
    c.holder.clear();
    c.route_rule = to.rule;
    c.explain = explain_routing(tried);
    c.signed_at.reset();
    c.checked_at.reset();
    give(TaskKind::dispose, to.unit, to.squad, "", std::nullopt);
  });
}

void Steps::send_patroller(Row const& row, Hand const& hand, TaskKind kind, std::string const& patroller,
                           std::string const& check_mode) {
  take(row, hand, [&](Case& c) {
    c.holder = patroller;
    if (kind == TaskKind::check) c.check_mode = check_mode.empty() ? "on_site" : check_mode;
    auto const& policy = city().policy;
    std::chrono::minutes const limit{kind == TaskKind::check ? policy.check_minutes : policy.verify_minutes};
    give(kind, "", "", patroller, at_ + limit);
  });
}

void Steps::follow_policy() {
  auto const& policy = city().policy;
  if (c_.state == State::disposed && policy.auto_confirm) take(*find_row(c_.state, Action::confirm), {});
  if (c_.state == State::pending_review && policy.auto_send_check) {
    if (auto const patroller = find_checker(city(), c_, at_, c_.unit); !patroller.empty()) {
      send_patroller(*find_row(c_.state, Action::send_check), {}, TaskKind::check, patroller, "");
    }
  }
}

Accepted Steps::done() && {
  out_.after = std::move(c_);
  return std::move(out_);
}

}  // namespace wangge::core
