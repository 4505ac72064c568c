// A second city in small, to hold the core against: one case's life under the plainest rules, with a calendar that is
// walked day by day. It shares words and inputs with the core, and no rule: who may do what is the hand-written list of
// expected_table.hpp, what it does stands in reference.cpp.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::core::test {

using Ms = std::int64_t;  // milliseconds, of time or since 1970

class Reference {
 public:
  struct Request {
    std::string id, kind, by;
    Ms at = 0;
    std::optional<Ms> until = std::nullopt;
  };
  struct Order {
    std::string id, by;
    bool answered = false;
  };
  struct Job {  // an open task
    std::string kind, unit, holder;
    Ms from = 0;
  };

  void report(std::string const& code, std::string const& condition, bool place, bool self_disposed,
              std::string const& street);
  // The HTTP status that the command must get; 200: it was done, and the fields below are how the case is now.
  int ask(Command const& command, Ms now);

  bool upstream = false;  // of an upper platform, which closes it
  std::string state, condition, clock, unit, squad, holder;
  std::int64_t version = 0, returns = 0, rework = 0, extensions = 0, suspensions = 0, supervised = 0, urges = 0,
               instructions = 0;
  Ms limit = 0;
  std::optional<Ms> due, left, had, handed_over, closed;  // had: when the running segment began
  std::map<std::string, Ms> left_of;                      // units that had it before
  bool late = false, wrong_dispatch = false, urgent = false, made_safe = false, safe = false, exempt = false,
       followed = false;
  std::string appeal, merged_into, enforcement, step, milestone;
  std::vector<Request> requests;
  std::vector<Order> orders;
  std::vector<Job> jobs;
  std::size_t open(std::string const& kind) const;

 private:
  using In = ActionInput;
  int act(Command const& c, Ms now);
  int judge(Principal const& who, std::string const& action, In const& in, Ms now);
  int dispatch(Principal const& who, In const& in, Ms now);
  int decide_request(Principal const& who, bool yes, In const& in, Ms now);
  int pause_asked(std::string const& kind, Principal const& who, In const& in, Ms now);
  int done(std::string to);
  bool sees(Principal const& who) const;
  bool has(std::string const& kind) const;
  bool hazard() const { return clock == "urgent" && !safe; }
  void ask_for(std::string const& kind, Principal const& who, Ms now);
  void drop(std::string const& kind);  // open tasks of a kind
  void give(std::string kind, std::string of_unit, std::string to, Ms now);
  std::string patroller(std::string const& not_him) const;
  Ms left_at(Ms now) const;
  void run(Ms now, Ms rest);
  void stop(Ms at);
  void void_hand_over();
  void expect_safe();

  std::string code_, street_, dispatched_by_;
  bool place_ = true, checked_ = false, resumed_ = false, returned_ = false, binding_ = false;
};

// Working time walked day by day over the State Council's days of 2025 and 2026.
Ms slow_between(Ms from, Ms to);
Ms slow_add(Ms from, Ms work);  // negative: backwards

}  // namespace wangge::core::test
