// Inside the core: one try of one row of the lifecycle table. guards.cpp asks its guard, acts.cpp takes it and what only this
// action knows; decide.cpp chooses the row.
#pragma once

#include "dispatcher/core/steps.hpp"

namespace wangge::core {

using No = std::optional<Refused>;  // empty: nothing stands against it

inline No no(Reason reason, std::string field = "") {
  return Refused{reason, std::move(field)};
}

// A case's condition: named now, or on the case, or the category's first.
struct Filing {
  CatalogueEntry const* entry = nullptr;
  Condition const* condition = nullptr;
};
Filing find_filing(City const& city, Case const& c, std::string const& named);
Request const* find_request(Case const& c, std::string const& request_id);
// Which kind of request an action asks for, or decides on.
std::optional<RequestKind> request_of(Action action);
// Where a decision names no request_id (returns, voids), the one that waits of that kind; "" = none.
std::string waiting(Case const& c, RequestKind kind);

// One try of one row: asks its guard, then takes it.
class Attempt {
 public:
  Attempt(Facts const& facts, Command const& command, Row const& row, Steps& steps)
      : facts_(facts), in_(command.input), who_(command.who), row_(row), steps_(steps), c_(steps.now()) {
    hand_ = {who_.name, who_.role, in_.reason, in_.opinion, in_.photos, command.command_id};
    if (!in_.text.empty()) hand_.opinion = in_.text;
    auto const kind = request_of(row.action);
    request_id_ = in_.request_id.empty() && kind ? waiting(c_, *kind) : in_.request_id;
  }

  No run() {
    if (auto refusal = guard()) return refusal;
    return act();
  }

 private:
  No guard();
  No guard_return_window() const;
  No guard_request() const;
  No guard_extension() const;
  No guard_pause() const;
  No guard_merge() const;
  No guard_appeal() const;
  No guard_reopen() const;
  No guard_order() const;
  No act();
  No ask();
  No approve();
  No refuse();
  No approve_return();
  No check();
  No close();
  No note();
  No merge();
  No unmerge();
  No dispatch(Row const& row);
  No reassign();
  No give_order(OrderKind kind);
  No judge_order();
  std::string second_look(std::string const& first) const;
  template <class Change>
  No take_and_look(std::string const& first, Change&& change);
  No amend();
  No send_patroller(TaskKind kind, std::string_view not_of_unit, std::string const& not_person);
  bool wrong_hour() const;
  bool hazard_waits() const { return c_.clock == id(ClockKind::urgent) && !c_.safe_checked_at; }
  template <class Change>
  No take(Change&& change) {
    steps_.take(row_, hand_, change);
    return std::nullopt;
  }

  Facts const& facts_;
  ActionInput const& in_;
  Principal const& who_;
  Row const& row_;
  Steps& steps_;
  Case const& c_;
  Hand hand_;
  std::string request_id_;
};

}  // namespace wangge::core
