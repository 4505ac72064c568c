// Plays the steps of one case's life through the doors, each by whoever the case itself names: the holder of its check
// task, the disposer of its squad, the clerk of its unit, else the one token of the role.
#pragma once

#include <map>
#include <optional>

#include "deploy/lives/cast.hpp"
#include "deploy/lives/talk.hpp"

namespace wangge::deploy {

struct LifeStep {
  std::string action, role;
  core::Instant at{};
  boost::json::object more;  // the action's own fields
};

struct LifeResult {
  std::int64_t commands = 0;
  std::string stopped_at, code;  // the step that was refused, and why; empty when all went
  int status = 0;                // of the refusal; 0 with stopped_at set: no answer
  std::string state;             // of the case, as last seen
};

class Life {
 public:
  Life(Talk& talk, Cast const& cast, std::string key);
  // Waits until the report became a case (it may be queued while the database is away); "" when patience ran out.
  std::string wait_for_case(std::string const& report_id, std::string const& token, std::chrono::milliseconds patience);
  // `fresh`: nobody has played this case before, so its history need not be asked.
  LifeResult play(std::string const& case_no, std::vector<LifeStep> const& steps, bool fresh);
  // The state in which the system left it when it was made: after the last row that no person wrote but the report.
  std::string state_when_made(std::string const& case_no);
  boost::json::value const& seen() const { return case_; }

 private:
  bool look(std::string const& case_no);
  boost::json::array history(std::string const& case_no);
  std::size_t already_played(std::string const& case_no);
  Actor const* actor_for(LifeStep const& step) const;
  std::string text(char const* name) const;
  Talk& talk_;
  Cast const& cast_;
  std::string key_;  // command ids are made from it
  boost::json::value case_;
};

}  // namespace wangge::deploy
