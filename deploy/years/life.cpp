// How a life goes on, by chance of a seed. Rates follow the published reports of DOMAIN 8: a tenth comes late, one in
// twenty is done twice, one in forty goes back, some rest for months, and a few are never done.
#include "deploy/years/life.hpp"

#include <algorithm>

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

}  // namespace wangge::deploy
