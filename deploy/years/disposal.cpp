// A unit has it: what may happen on the way to a hand-over, and when the squad is done.
#include <algorithm>

#include "deploy/years/life.hpp"

namespace wangge::deploy {

using core::ClockKind;
using core::Instant;
using core::Millis;
using namespace std::chrono_literals;

void LifePlan::clock_starts(Millis left) {
  due_ = core::deadline_left(calendar(), clock_, t_, left, whole()).due;
  task_since_ = t_;
}

void LifePlan::dispatch_elsewhere(std::string const& role, std::string const& by, bool same_unit) {
  std::vector<std::pair<std::string, std::string>> others;
  for (auto const& [key, squad] : city_.squads)
    if ((squad.unit == unit_) == same_unit && key != squad_) others.emplace_back(squad.unit, key);
  auto const before = unit_;
  if (!others.empty()) std::tie(unit_, squad_) = others[dice_.below(others.size())];
  if (!role.empty()) {
    auto& s = step("dispatch", role, by);
    s.unit = unit_, s.squad = squad_;
  }
  sender_ = by;
  if (unit_ == before) return clock_starts(left_);
  // A unit that had it before goes on with what it had left; a new one begins afresh (DOMAIN 3.3, row 12).
  left_of_[before] = left_;
  auto const had = left_of_.extract(unit_);
  auto const left = had.empty() ? whole() : had.mapped();
  clock_starts(urgent_set_ ? std::min(left, whole()) : left);
}

void LifePlan::begin_disposal() {
  clock_starts(whole());
  if (!wayside()) return;
  for (int round = 0;; ++round) {
    if (chance(6)) {
      if (chance(300)) {  // it was asked for, and nobody decided
        wait(20, 300);
        if (t_ < due_ && clock_ != ClockKind::urgent && extensions_ < city_.policy.extensions_most) unit_step("extend", "unit_clerk");
      }
      return word("never_disposed");
    }
    if (round == 0 && chance(12)) {
      if (dropped()) return;
    }
    if (round == 0 && chance(6)) {
      if (!enforcement()) return;
    } else if (!disposal()) {
      return;
    }
    if (chance(5)) return word("never_checked");
    if (check()) break;
    if (++reworks_ > 4) return;
  }
  close();
}

bool LifePlan::wayside() {
  if (chance(250)) wait(1, 20);
  if (chance(8)) {
    word("urged");
    chance(500) ? step("supervise", "shift_leader", leader()).reason = "限期整改"
                : step("urge", "dispatch_officer", officer()).reason = "请尽快";
    wait(1, 5);
  }
  if (chance(6)) recall();
  if (assisting_.empty() && chance(32) && !returns()) return false;
  if (clock_ != ClockKind::urgent && !urgent_set_ && chance(5)) {
    word("urgent");
    wait(1, 30);
    if (t_ >= due_) return true;
    step("set_urgent", "acceptor", acceptor());
    urgent_set_ = true;
    clock_ = ClockKind::urgent;
    limit_ = city_.policy.urgent_minutes;
    due_ = std::min(due_, t_ + Minutes{limit_});
  }
  if (clock_ == ClockKind::urgent && chance(250)) hazard();
  if ((clock_ != ClockKind::urgent || safe_) && chance(22)) extension();
  if ((clock_ != ClockKind::urgent || safe_) && chance(20)) return pause();
  return true;
}

void LifePlan::recall() {
  word("recalled");
  wait(2, 25);
  left_ = core::left_at(calendar(), clock_, t_, due_);
  auto const by = officer();
  step("recall", "dispatch_officer", by);
  answer(1, 12, 60);
  assisting_.clear();
  dispatch_elsewhere("dispatch_officer", by, chance(500));
}

// Back to the dispatcher as not ours; the third time the coordination desk names who it is (RULINGS 2).
bool LifePlan::returns() {
  while (true) {
    bool const soon = clock_ == ClockKind::urgent;  // the window is shorter (RULINGS 2)
    if (soon && t_ > task_since_ + 4min) return true;
    wait(3, soon ? 24 : 160);
    auto const asked = t_;
    unit_step("return", chance(800) ? "unit_clerk" : "unit_head").reason = "非本单位职责";
    wait(4, 240);
    bool const desk = returns_ >= 2;
    if (chance(160) && !desk) {
      word("return_refused");
      step("refuse_return", "shift_leader", leader());
      return true;
    }
    word("returned");
    clock_stops(asked);
    if (desk) {
      auto& s = step("approve_return", "coordinator", "coordinator-1");
      dispatch_elsewhere("", "coordinator-1", false);
      s.unit = unit_, s.squad = squad_;
      return true;
    }
    step("approve_return", "shift_leader", leader());
    ++returns_;
    if (chance(10)) return word("never_dispatched_again"), false;
    answer(1, 13, 90);
    auto const before = unit_;
    bool const again = chance(120);  // the same unit, on second thoughts: its clock goes on
    if (again) {
      auto const by = officer();
      auto& s = step("dispatch", "dispatch_officer", by);
      s.unit = unit_, s.squad = squad_;
      sender_ = by;
      clock_starts(left_);
    } else {
      dispatch_elsewhere("dispatch_officer", officer(), false);
    }
    if (!chance(220)) return true;
  }
}

bool LifePlan::dropped() {
  auto const kind = dice_.below(10);
  chance(600) ? wait(5, 200) : wait(600, 20'000);
  if (kind < 6) {
    step("request_void", "acceptor", acceptor()).reason = "重复上报";
    wait(2, 200);
    if (kind == 0)
      return word("void_refused"), step("refuse_void", "shift_leader", leader()).reason = "案件属实", false;
    word("voided");
    step("approve_void", "shift_leader", leader());
  } else if (kind < 8) {
    word("forced");
    step("force_close", "leader", "leader-1").reason = "无法处置";
    wait(2, 900);
    auto& s = step("approve_request", "shift_leader", leader());
    s.request = "force_close";
  } else {
    word("moved_out");
    step("transfer_out", "acceptor", acceptor()).reason = "属邻区管辖";
    wait(2, 900);
    auto& s = step("approve_request", "coordinator", "coordinator-1");
    s.request = "transfer_out";
  }
  end();
  return true;
}

// Fenced first, repaired afterwards; a patroller looks whether it is safe (RULINGS 4).
void LifePlan::hazard() {
  word("made_safe");
  for (bool passed = false; !passed;) {
    wait(8, 50);
    unit_step("make_safe", "disposer");
    auto const looker = on_duty(t_);
    answer(4, 25, 60);
    arrive(looker);
    passed = !chance(100);
    step("check", "patroller", looker).result = passed ? "pass" : "fail";
  }
  safe_ = true;
}

void LifePlan::extension() {
  for (int times = chance(200) ? 2 : 1; times > 0; --times) {
    auto const now = t_;
    auto const asking =
        core::deadline_left(calendar(), clock_, t_, Millis{core::left_at(calendar(), clock_, t_, due_).count() * 2 / 3},
                            whole())
            .due;
    if (asking <= now || asking >= due_) return;
    t_ = asking;
    unit_step("extend", "unit_clerk").reason = "材料未到";
    wait(3, 300);
    auto const* word_of = chance(120) ? "refuse_request" : "approve_request";
    auto& s = chance(600) ? step(word_of, "dispatch_officer", officer()) : step(word_of, "shift_leader", leader());
    s.request = "extend";
    if (s.action == "refuse_request") return word("extension_refused");
    word("extended");
    ++extensions_;
    if (clock_ == ClockKind::urgent || clock_ == ClockKind::natural_day)
      due_ += whole();
    else
      due_ = calendar().add_work(due_, whole()).at;
  }
}

bool LifePlan::pause() {
  bool const shelved = chance(350);
  wait(10, 90);
  if (t_ >= due_) return true;
  auto const asked = t_;
  {
    auto& s = unit_step(shelved ? "suspend" : "defer", shelved ? "unit_head" : "unit_clerk");
    s.reason = shelved ? "无责任主体，列入问题库" : "雨雪天气无法施工";
    s.until = t_ + std::chrono::days{shelved ? 25 + dice_.below(180) : 2 + dice_.below(20)};
  }
  auto const until = *c_.steps.back().until;
  wait(5, 400);
  bool const desk = shelved && chance(400);
  auto const* word_of = chance(100) ? "refuse_request" : "approve_request";
  auto& s = desk ? step(word_of, "coordinator", "coordinator-1") : step(word_of, "shift_leader", leader());
  s.request = shelved ? "suspend" : "defer";
  if (s.action == "refuse_request") return word("pause_refused"), true;
  word(shelved ? "shelved" : "deferred");
  clock_stops(asked);
  if (chance(60)) return word("never_resumed"), false;
  t_ = std::max(t_ + 1h, until + Minutes{dice_.below(500)});
  step("resume", "shift_leader", leader());
  clock_starts(left_);
  return true;
}

bool LifePlan::disposal() {
  auto const starts = t_;
  auto const room = core::left_at(calendar(), clock_, t_, due_);
  Instant done{};
  bool const late = room <= Millis{0} || chance(85);
  if (!late) {
    auto const share = 0.25 + 0.7 * dice_.unit();
    done = core::deadline_left(calendar(), clock_, t_,
                               Millis{static_cast<std::int64_t>(static_cast<double>(room.count()) * share)}, whole())
               .due;
    if (chance(6)) done = due_;  // to the very millisecond
  } else {
    done = std::max(due_, t_) + (chance(80) ? Minutes{20'000 + dice_.below(90'000)} : Minutes{10 + dice_.below(4'000)});
    if (room > Millis{0} && chance(20)) done = due_ + Millis{1};
  }
  if (done <= starts + 3s) done = starts + 4s;
  t_ = starts + (done - starts) / 3;
  if (chance(8)) {
    std::string sibling;
    for (auto const& [key, squad] : city_.squads)
      if (squad.unit == unit_ && key != squad_ && sibling.empty()) sibling = key;
    if (!sibling.empty()) {
      word("reassigned");
      unit_step("reassign", "unit_clerk").squad = sibling;
      squad_ = sibling;
      t_ += 1s;
    }
  }
  unit_step("sign", chance(500) ? "squad_leader" : "disposer");
  if (chance(10)) {
    t_ += (done - t_) / 4;
    unit_step("hand_back", "disposer").reason = "设备故障";
    t_ += (done - t_) / 4;
    unit_step("sign", "disposer");
  }
  clerk_confirms_ = false;
  if (!assisting_.empty()) {
    auto waiting = assisting_;
    bool const after = chance(500);
    auto assist = [&](std::string const& unit) {
      if (chance(150)) {
        auto& s = step("waive_assist", "dispatch_officer", officer());
        s.unit = unit, s.reason = "无需协办";
      } else {
        step("assist_done", "unit_clerk", "clerk-" + unit).of_unit = unit;
      }
    };
    if (!after)
      for (auto const& unit : waiting) t_ += (done - t_) / 5, assist(unit);
    auto const lead = t_;
    t_ = std::max(done - 2s, lead + 1s);
    if (after) {
      unit_step("dispose", "disposer");
      for (auto const& unit : waiting) wait(1, 20), assist(unit);
      wait(1, 30);
      done = t_;
      unit_step("confirm", "unit_clerk");
      clerk_confirms_ = true;
    }
    assisting_.clear();
  }
  if (!clerk_confirms_) {
    t_ = std::max(done, t_);
    unit_step("dispose", "disposer");
  }
  late_ = t_ > due_;
  left_ = core::left_at(calendar(), clock_, t_, due_);
  if (left_ == Millis{0} && late_) left_ = Millis{-1};
  checker_ = on_duty(t_);
  return true;
}

// Handed to the penalty side: stays open, and is closed when a check finds the place restored (RULINGS 8).
bool LifePlan::enforcement() {
  word("enforcement");
  enforced_ = true;
  wait(5, 90);
  unit_step("sign", "squad_leader");
  wait(10, 300);
  auto& s = unit_step("hand_to_enforcement", "unit_clerk");
  s.number = "CF-" + c_.key;
  s.reason = "拒不改正";
  if (chance(250)) return false;
  wait(5'000, 90'000);
  unit_step("send_check", "unit_clerk");
  checker_ = on_duty(t_);
  if (chance(200)) {
    wait(5, 25);
    arrive(checker_);
    step("check", "patroller", checker_).result = "fail";
    wait(3'000, 20'000);
    unit_step("send_check", "unit_clerk");
    checker_ = on_duty(t_);
  }
  return true;
}

}  // namespace wangge::deploy
