// How a life goes on, by chance of a seed. Rates follow the published reports of DOMAIN 8: a tenth comes late, one in
// twenty is done twice, one in forty goes back, some rest for months, and a few are never done.
#include "deploy/years/life.hpp"

#include <algorithm>
#include <array>

#include "dispatcher/core/suspicion.hpp"

namespace wangge::deploy {

using core::ClockKind;
using core::Instant;
using core::Millis;
using namespace std::chrono_literals;

Instant Walks::arrive(std::string const& who, Instant at, double lon, double lat) {
  constexpr double kMetresASecond = 9;  // through a city, by light motorcycle
  auto& spots = of_[who];
  auto const way = [&](Spot const& s) {
    auto const metres = core::metres_between(s.lon, s.lat, lon, lat);
    return std::chrono::seconds{40 + static_cast<std::int64_t>(metres / kMetresASecond)};
  };
  for (;;) {
    auto const next = spots.lower_bound(at);
    if (next != spots.begin()) {
      auto const& [before, spot] = *std::prev(next);
      if (before + way(spot) > at) {
        at = before + way(spot);
        continue;
      }
    }
    if (next == spots.end() || at + way(next->second) <= next->first) break;
    at = next->first + way(next->second);
  }
  spots.emplace(at, Spot{lon, lat});
  return at;
}

void Walks::forget_before(Instant at) {
  for (auto& [who, spots] : of_) spots.erase(spots.begin(), spots.lower_bound(at));
}

YearStep& LifePlan::step(std::string action, std::string role, std::string by) {
  YearStep s;
  s.action = std::move(action);
  s.role = std::move(role);
  s.by = std::move(by);
  s.at = t_;
  c_.steps.push_back(std::move(s));
  return c_.steps.back();
}

YearStep& LifePlan::unit_step(std::string action, std::string role) {
  bool const of_squad = role == "squad_leader" || role == "disposer";
  auto const by = role == "squad_leader" ? "lead-" + squad_
                  : role == "disposer"   ? "worker-" + squad_
                  : role == "unit_head"  ? "head-" + unit_
                                         : "clerk-" + unit_;
  auto& s = step(std::move(action), std::move(role), by);
  s.of_unit = unit_;
  if (of_squad) s.of_squad = squad_;
  return s;
}

void LifePlan::wait(int least, int most) {
  t_ += Minutes{least} + std::chrono::seconds{1 + dice_.below(static_cast<std::uint64_t>(most - least) * 60)};
}

void LifePlan::answer(int least, int most, int late_most) {
  chance(80) ? wait(most, late_most) : wait(least, most);
}

std::string LifePlan::on_duty(Instant at) const {
  core::Case place;
  place.street = c_.street;
  place.community = c_.grid.substr(0, 12);
  place.grid = c_.grid;
  return core::patroller_on_duty(city_, place, at, "");
}

void LifePlan::live() {
  t_ = c_.at;
  unit_ = c_.unit;
  squad_ = c_.squad;
  auto const* entry = city_.find(c_.category);
  auto const* condition = c_.condition.empty() ? &entry->conditions.front() : entry->find(c_.condition);
  clock_ = condition->limit.clock;
  limit_ = condition->limit.minutes;
  if (!before_acceptance()) return;
  begin_disposal();
}

// ---- up to the dispatch

bool LifePlan::before_acceptance() {
  if (!c_.parent.empty()) {
    word("linked");
    return accept_by_hand();
  }
  if (c_.self_disposed) {
    word("self_disposed");
    answer(2, 14, 120);
    if (!chance(150)) return step("accept_self_disposal", "acceptor", acceptor()), end(), false;
    word("refused");
    step("refuse_self_disposal", "acceptor", acceptor());
    if (!chance(500)) return accept_by_hand();
    wait(1, 10);
    holder_ = on_duty(t_);
    step("send_verify", "acceptor", acceptor());
    return look_first();
  }
  if (c_.misplaced) {
    word("misplaced");
    answer(2, 13, 300);
    auto& s = step("amend", "acceptor", acceptor());
    s.lon = c_.lon, s.lat = c_.lat;
    return accept_by_hand();
  }
  bool const unsure = c_.source == "ai" && c_.confidence && *c_.confidence < city_.policy.ai_confidence;
  if (city_.policy.verify_first.contains(c_.source) || unsure) {
    holder_ = on_duty(t_);
    return look_first();
  }
  sender_ = "system";
  return true;
}

// Somebody looks whether it is there; `holder_` has the task since now.
bool LifePlan::look_first() {
  auto verify = [&](char const* result) {
    answer(6, 25, 240);
    arrive(holder_);
    step("verify", "patroller", holder_).result = result;
  };
  if (chance(15)) return word("never_verified"), false;
  if (chance(40)) {
    verify("unable");
    wait(1, 12);
    holder_ = on_duty(t_);
    step("send_verify", "acceptor", acceptor());
  }
  if (chance(130)) {
    word("not_there");
    verify("not_exist");
    answer(1, 10, 200);
    chance(800) ? step("decline", "acceptor", acceptor()) : step("decline", "shift_leader", leader());
    c_.steps.back().reason = "现场未发现问题";
    return end(), false;
  }
  verify("exist");
  if (chance(12)) return word("never_accepted"), false;
  return accept_by_hand();
}

bool LifePlan::accept_by_hand() {
  answer(1, 11, 180);
  if (!master_.empty() && (!master_open_until_ || *master_open_until_ > t_ + 1min)) {
    word("merged");
    step("merge", "acceptor", acceptor()).into = master_;
    if (!chance(300)) return end(), false;
    word("unmerged");
    wait(5, 600);
    step("unmerge", "shift_leader", leader()).into = master_;
    answer(1, 11, 90);
  }
  chance(700) ? step("accept", "acceptor", acceptor()) : step("accept", "shift_leader", leader());
  answer(1, 12, 150);
  if (chance(30)) return word("not_filed"), step("decline_filing", "shift_leader", leader()), end(), false;
  chance(700) ? step("file", "shift_leader", leader()) : step("file", "acceptor", acceptor());
  if (chance(20)) {
    word("returned_filing");
    answer(1, 12, 100);
    step("return_filing", "dispatch_officer", officer());
    answer(1, 12, 100);
    if (chance(350)) return step("decline_filing", "shift_leader", leader()), end(), false;
    step("file", "shift_leader", leader());
  }
  if (chance(8)) return word("never_dispatched"), false;
  answer(1, 12, 200);
  sender_ = officer();
  auto& s = step("dispatch", "dispatch_officer", sender_);
  if (!chance(90)) return true;
  word("assisted");
  for (auto const* unit : {"municipal", "greening", "traffic"}) {
    if (unit_ == unit || (!assisting_.empty() && chance(600))) continue;
    assisting_.emplace_back(unit);
  }
  s.assist = assisting_;
  return true;
}

// ---- the disposal

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
  clock_starts(unit_ == before ? left_ : whole());
}

void LifePlan::begin_disposal() {
  clock_starts(whole());
  if (!wayside()) return;
  for (int round = 0;; ++round) {
    if (chance(6)) {
      if (chance(300)) {  // it was asked for, and nobody decided
        wait(20, 300);
        if (t_ < due_ && clock_ != ClockKind::urgent) unit_step("extend", "unit_clerk");
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

// ---- check and closing

bool LifePlan::check() {
  bool const covers = !bent_.squad.empty() && checker_ == bent_.patroller && squad_ == bent_.squad;
  bool const staged = covers && chance(600);
  if (chance(20) && !enforced_ && !staged) {
    word("unable");
    answer(5, 25, 300);
    arrive(checker_);
    auto& s = step("check", "patroller", checker_);
    s.result = "unable", s.reason = "大门紧锁";
    answer(4, 28, 200);
    if (chance(150)) {
      word("review_rework");
      ++reworks_;
      auto const by = officer();
      step("rework", "dispatch_officer", by).reason = "处置不符合要求";
      wait(1, 12);
      dispatch_elsewhere("dispatch_officer", by, chance(600));
      return false;
    }
    chance(500) ? step("send_check", "acceptor", acceptor()) : step("send_check", "shift_leader", leader());
    checker_ = on_duty(t_);
  }
  if (staged) {
    t_ += std::chrono::seconds{15 + dice_.below(30)};
  } else {
    answer(4, 24, 260);
    arrive(checker_);
  }
  int const fails = bent_.squad == squad_ && !bent_.squad.empty() ? 150 : 48;
  bool const fail = !enforced_ && !covers && reworks_ < 2 && chance(fails);
  auto& s = step("check", "patroller", checker_);
  s.result = fail ? "fail" : "pass";
  if (staged) s.photo = "staged-" + bent_.patroller + "-" + std::to_string(dice_.below(4));
  if (!fail) return true;
  word("rework");
  ++reworks_;
  clock_starts(left_);
  return false;
}

void LifePlan::close() {
  if (chance(6)) return word("never_closed");
  if (chance(6) && !enforced_) {
    word("rechecked");
    wait(2, 25);
    auto const by = acceptor();
    step("recheck", "acceptor", by).reason = "照片不清";
    checker_ = on_duty(t_);
    answer(5, 29, 120);
    arrive(checker_);
    step("check", "patroller", checker_).result = "pass";
  } else if (chance(4) && !enforced_) {
    word("close_rework");
    wait(2, 25);
    auto const by = officer();
    step("rework", "dispatch_officer", by).reason = "现场反弹";
    wait(1, 12);
    dispatch_elsewhere("dispatch_officer", by, chance(600));
    if (!disposal()) return;
    answer(5, 29, 120);
    arrive(checker_);
    step("check", "patroller", checker_).result = "pass";
  }
  answer(1, 25, 300);
  // A linked case's own id is not the plan's to know, and with it whether it is looked at twice: nobody else is there
  // then.
  if (!c_.parent.empty())
    while (on_duty(t_) != checker_) t_ += 1h;
  auto const closed = t_;
  bool const repair = safe_ && c_.parent.empty() && chance(600);
  auto const by_acceptor = chance(650);
  auto const by = by_acceptor ? acceptor() : leader();
  auto& s = step("close", by_acceptor ? "acceptor" : "shift_leader", by);
  s.closing = repair ? "made_safe" : chance(700) ? "restored" : "cleaned";
  if (repair) {
    word("repair");
    linked_.emplace();
    linked_->reporter = by;
    linked_->role = by_acceptor ? core::Role::acceptor : core::Role::shift_leader;
    linked_->at = t_;
  }
  word(late_ ? "closed_late" : "closed");
  end();
  afterwards(closed);
}

void LifePlan::afterwards(Instant closed) {
  // The second look (RULINGS 13): chance is the report's own id, and only where another than the first checker is
  // there.
  std::uint64_t hash = 1469598103934665603ull;
  for (unsigned char const ch : c_.report_id) hash = (hash ^ ch) * 1099511628211ull;
  bool const chosen =
      c_.source == "hotline_12345" || (hash >> 20) % 100 < static_cast<std::uint64_t>(city_.policy.blind_percent);
  auto const second = on_duty(closed);
  if (chosen && c_.parent.empty() && second != checker_) {
    word("second_look");
    if (!chance(100)) {
      answer(6, 28, 200);
      arrive(second);
      step("check", "patroller", second).result = chance(60) ? "fail" : "pass";
    }
  }
  bool const asks = c_.source == "hotline_12345" || c_.source == "hotline_12319" || c_.source == "public";
  if (asks && chance(850)) {
    wait(10, 3'000);
    auto& s =
        chance(800) ? step("reply", "hotline_agent", one_of("hotline", 2)) : step("reply", "acceptor", acceptor());
    s.text = "已处置，谢谢监督";
    if (chance(300)) {
      wait(600, 9'000);
      auto& visit = step("reply", "hotline_agent", one_of("hotline", 2));
      visit.text = "回访";
      constexpr std::array kAnswers{"very_satisfied", "satisfied",         "satisfied", "acceptable",
                                    "dissatisfied",   "very_dissatisfied", "no_reply"};
      visit.satisfaction = kAnswers[dice_.below(kAnswers.size())];
    } else if (chance(500)) {
      s.satisfaction = chance(700) ? "satisfied" : "acceptable";
    }
  }
  if (late_ && !enforced_ && chance(150)) {
    wait(300, 4'000);
    unit_step("appeal", "unit_clerk").reason = "封路无法到场";
    wait(300, 6'000);
    auto& s = step(chance(400) ? "refuse_request" : "approve_request", "evaluator", "evaluator-1");
    s.request = "appeal";
    word(s.action == "refuse_request" ? "appeal_refused" : "exempted");
  }
  if (!linked_ && c_.parent.empty() && chance(6)) {
    t_ = std::max(t_, closed) + std::chrono::hours{10 + dice_.below(400)};
    if (t_ > closed + std::chrono::days{29}) return;
    word("reopened");
    bool const hotline = chance(500);
    auto const by = hotline ? one_of("hotline", 2) : leader();
    step("reopen", hotline ? "hotline_agent" : "shift_leader", by).reason = "问题复发";
    linked_.emplace();
    linked_->reporter = by;
    linked_->role = hotline ? core::Role::hotline_agent : core::Role::shift_leader;
    linked_->at = t_;
    linked_->condition = c_.condition;
  }
}

}  // namespace wangge::deploy
