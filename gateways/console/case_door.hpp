// The case door: lists, a case with its timeline and its reasons, and the actions on it (CONTRACT 3, 5). Reads the read
// model; changes nothing itself: an action travels to the dispatcher and is answered after COMMIT.
#pragma once

#include <deque>
#include <mutex>

#include "gateways/console/attempts.hpp"
#include "gateways/console/reads.hpp"
#include "gateways/doors.hpp"

namespace wangge::console {

class CaseDoor {
 public:
  CaseDoor(doors::Road& road, Reads& reads, doors::Crew& crew, Attempts& attempts)
      : road_(road), reads_(reads), crew_(crew), attempts_(attempts) {}
  void list(http::Request request, http::Reply reply);
  void counts(http::Request request, http::Reply reply);
  void get(http::Request request, http::Reply reply);
  void unmask(http::Request request, http::Reply reply);  // the reporter's name and phone whole, for a reason
  void history(http::Request request, http::Reply reply);
  void explain(http::Request request, http::Reply reply);
  void escalations(http::Request request, http::Reply reply);
  void act(http::Request request, http::Reply reply);

 private:
  using Found = std::optional<storage::ReadModel::CaseView>;
  struct Answered {  // by the dispatcher: what the case is like now has to be read yet
    core::Command command;
    std::string lang;
    link::CommandOutcome outcome;
    http::Reply reply;
  };
  void answer(core::Command const& command, std::string const& lang, link::CommandOutcome const& outcome, http::Reply reply);
  void show_answered();
  void show(std::vector<Answered> const& answered);
  http::Response after(Answered const& answered, Found found);
  doors::Road& road_;
  Reads& reads_;
  doors::Crew& crew_;
  Attempts& attempts_;
  std::mutex mutex_;
  std::deque<Answered> answered_;
  int showing_ = 0;  // jobs at it
};

bool is_case_no(std::string_view text);  // 19 digits or more

}  // namespace wangge::console
