// One planned life: from a report to wherever it leads, step by step, by named people at named instants.
#pragma once

#include <map>

#include "deploy/demo/grid.hpp"
#include "deploy/years/years.hpp"
#include "dispatcher/core/decide.hpp"

namespace wangge::deploy {

// Whom a staged city bends towards whom; empty names: an honest one.
struct Bent {
  std::string patroller, squad;
};

// Where each patroller is and when: nobody is at two places at once, or an honest city would look like a staged one.
class Walks {
 public:
  // The first moment from `at` on at which he can be there, given where he is before and after; he is there then.
  core::Instant arrive(std::string const& who, core::Instant at, double lon, double lat);
  void forget_before(core::Instant at);

 private:
  struct Spot {
    double lon, lat;
  };
  std::map<std::string, std::map<core::Instant, Spot>> of_;
};

class LifePlan {
 public:
  LifePlan(core::City const& city, Dice& dice, YearCase& c, Bent const& bent, Walks& walks)
      : city_(city), dice_(dice), c_(c), bent_(bent), walks_(walks) {}
  // Fills c's steps, and the linked case when one is opened.
  void live();
  std::optional<YearCase> linked() && { return std::move(linked_); }
  std::optional<core::Instant> ended() const { return ended_; }
  // Made a duplicate of `master`, which is open until `open_until`; before live().
  void twin_of(std::string master, std::optional<core::Instant> open_until) {
    master_ = std::move(master);
    master_open_until_ = open_until;
  }

 private:
  using Minutes = std::chrono::minutes;
  YearStep& step(std::string action, std::string role, std::string by);
  YearStep& unit_step(std::string action, std::string role);
  void wait(int least, int most);                   // minutes
  void answer(int least, int most, int late_most);  // mostly in time, now and then long after
  void arrive(std::string const& who) { t_ = walks_.arrive(who, t_, c_.lon, c_.lat); }
  bool chance(int in_thousand) { return static_cast<int>(dice_.below(1000)) < in_thousand; }
  std::string one_of(char const* post, int how_many) {
    return std::string(post) + "-" + std::to_string(1 + dice_.below(static_cast<std::uint64_t>(how_many)));
  }
  std::string acceptor() { return one_of("acceptor", 3); }
  std::string leader() { return one_of("shift-leader", 3); }
  std::string officer() { return one_of("dispatch", 2); }
  std::string on_duty(core::Instant at) const;
  void word(char const* fate) { (c_.fate += c_.fate.empty() ? "" : " ") += fate; }
  void end() { ended_ = t_; }

  bool before_acceptance();  // false: it ended there
  bool look_first();
  bool accept_by_hand();
  void begin_disposal();
  void clock_starts(core::Millis left);
  void clock_stops(core::Instant asked) { left_ = core::left_at(calendar(), clock_, asked, due_); }
  core::Calendar const& calendar() const { return city_.calendar_of(unit_); }
  core::Millis whole() const { return Minutes{limit_}; }
  void dispatch_elsewhere(std::string const& role, std::string const& by, bool same_unit);
  bool wayside();  // what may happen before somebody signs; false: it ended there
  void recall();
  bool returns();
  bool dropped();  // voided, forced closed, moved out
  void hazard();
  void extension();
  bool pause();     // false: it never woke
  bool disposal();  // up to a hand-over; false: it is never disposed
  bool enforcement();
  bool check();  // true: passed
  void close();
  void afterwards(core::Instant closed);

  core::City const& city_;
  Dice& dice_;
  YearCase& c_;
  Bent const& bent_;
  Walks& walks_;
  core::Instant t_{};
  std::optional<core::Instant> ended_, master_open_until_;
  std::string master_;
  std::optional<YearCase> linked_;
  // as the plan sees the case
  std::string unit_, squad_, holder_, sender_, checker_;
  core::ClockKind clock_ = core::ClockKind::work_hour;
  std::int64_t limit_ = 0;
  core::Instant due_{}, task_since_{};
  core::Millis left_{};
  std::map<std::string, core::Millis> left_of_;  // of units that had it before
  std::vector<std::string> assisting_;
  bool safe_ = false, urgent_set_ = false, late_ = false, enforced_ = false, clerk_confirms_ = false;
  int returns_ = 0, reworks_ = 0, extensions_ = 0;
};

}  // namespace wangge::deploy
