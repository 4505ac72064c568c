// Handed over: checked, done again or closed, and what comes behind the closing.
#include <algorithm>
#include <array>

#include "deploy/years/life.hpp"

namespace wangge::deploy {

using core::Instant;
using core::Millis;
using namespace std::chrono_literals;

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
  // The second look (RULINGS 13): chance is the report's id and the moment of the closing, and only where another than the
  // first checker is there.
  std::uint64_t hash = 1469598103934665603ull;
  for (unsigned char const ch : c_.report_id + std::to_string(closed.time_since_epoch().count())) hash = (hash ^ ch) * 1099511628211ull;
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
