// All states × actions × roles against a list written by hand from DOMAIN 3.3 and RULINGS 3, 8, 9, 10, 13: the row that
// is taken, or the reason why not. The list is not made from the table it checks.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

struct Expected {
  char const* states;  // several separated by spaces
  char const* action;
  char const* to;  // "=" stays
  char const* roles;
};

constexpr char const* kFiledOpen =
    "pending_dispatch returned_by_dispatch pending_dispose returned_by_unit disposing disposed pending_review checking "
    "pending_close";
constexpr char const* kOpen =
    "verifying pending_accept pending_file self_disposed_review pending_dispatch returned_by_dispatch pending_dispose "
    "returned_by_unit disposing disposed pending_review checking pending_close";

Expected const kExpected[] = {
    {"self_disposed_review", "accept_self_disposal", "self_disposed_closed", "acceptor shift_leader"},
    {"self_disposed_review", "refuse_self_disposal", "pending_accept", "acceptor shift_leader"},
    {"pending_accept", "send_verify", "verifying", "acceptor hotline_agent shift_leader"},
    {"verifying", "verify", "pending_accept", "patroller"},
    {"pending_accept", "accept", "pending_file", "acceptor shift_leader"},
    {"pending_accept", "decline", "not_accepted", "acceptor shift_leader"},
    {"pending_file returned_by_dispatch", "file", "pending_dispatch", "acceptor shift_leader"},
    {"pending_file returned_by_dispatch", "decline_filing", "not_filed", "acceptor shift_leader"},
    {"pending_accept pending_file returned_by_dispatch", "amend", "=", "acceptor shift_leader"},
    {"pending_dispatch", "dispatch", "pending_dispose", "dispatch_officer"},
    {"pending_dispatch", "return_filing", "returned_by_dispatch", "dispatch_officer"},
    {"pending_dispose", "recall", "pending_dispatch", "dispatch_officer"},
    {"pending_dispose", "sign", "disposing", "squad_leader disposer unit_clerk unit_head"},
    {"pending_dispose", "return", "returned_by_unit", "unit_clerk unit_head squad_leader"},
    {"returned_by_unit", "approve_return", "pending_dispatch", "shift_leader coordinator"},
    {"returned_by_unit", "refuse_return", "pending_dispose", "shift_leader coordinator"},
    {"disposing", "hand_back", "pending_dispose", "disposer squad_leader"},
    {"disposing", "dispose", "disposed", "disposer squad_leader"},
    {"disposed", "reject_disposal", "disposing", "unit_clerk unit_head"},
    {"disposed", "confirm", "pending_review", "unit_clerk unit_head"},
    {"pending_dispose disposing", "reassign", "=", "unit_clerk unit_head squad_leader"},
    {"pending_review pending_close", "rework", "pending_dispatch", "dispatch_officer"},
    {"pending_review", "send_check", "checking", "acceptor shift_leader dispatch_officer"},
    {"checking", "check", "pending_close", "patroller"},
    {"pending_close", "recheck", "checking", "acceptor shift_leader"},
    {"pending_close", "close", "closed", "acceptor shift_leader"},
    {kFiledOpen, "request_void", "=", "acceptor"},
    {kFiledOpen, "approve_void", "voided", "shift_leader"},
    {kFiledOpen, "refuse_void", "=", "shift_leader"},
    {kFiledOpen, "force_close", "forced_closed", "leader"},
    {kOpen, "note", "=",
     "hotline_agent acceptor shift_leader dispatch_officer unit_clerk unit_head squad_leader disposer coordinator "
     "evaluator "
     "inspector leader"},
};

std::set<std::string> words(char const* text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

struct Cell {
  std::string to;
  std::set<std::string> roles;
};
using Table = std::map<std::pair<std::string, std::string>, Cell>;  // (state, action)

Table expected_table() {
  Table table;
  for (auto const& line : kExpected) {
    for (auto const& state : words(line.states)) {
      table[{state, line.action}] = {std::string(line.to) == "=" ? state : line.to, words(line.roles)};
    }
  }
  return table;
}

// Guards that a full input cannot satisfy by itself in this state; everything else must be accepted.
std::string guard_says(Case const& c, std::string const& action, Role role) {
  bool const void_decision = action == "approve_void" || action == "refuse_void";
  if (void_decision) return "no_request";
  if (action == "request_void" && c.state == State::returned_by_unit) return "request_open";
  bool const return_decision = action == "approve_return" || action == "refuse_return";
  if (return_decision && role == Role::coordinator) return "not_yours";  // only the third return is his
  return "accepted";
}

TEST(Table, EveryStateActionAndRoleGivesTheExpectedRowOrReason) {
  auto const table = expected_table();
  std::map<std::string, std::set<std::string>> roles_of;  // action -> roles of all its rows
  for (auto const& [key, cell] : table) roles_of[key.second].insert(cell.roles.begin(), cell.roles.end());
  int accepted = 0;
  for (auto const& s : kStates) {
    if (s.state == State::reported) continue;
    World w;
    w.walk_to(s.state);
    for (auto const& a : actions()) {
      if (a.action == Action::report) continue;
      std::string const action(a.id);
      auto const cell = table.find({std::string(s.id), action});
      for (auto const& r : kRoles) {
        if (r.role == Role::reporter || r.role == Role::system) continue;
        auto const name = std::string(r.id);
        std::string want;
        if (!roles_of[action].contains(name))
          want = "not_yours";
        else if ((r.role == Role::squad_leader || r.role == Role::disposer || r.role == Role::unit_clerk ||
                  r.role == Role::unit_head) &&
                 w.c.unit.empty())
          want = "out_of_scope";  // not yet dispatched: no unit sees it
        else if (cell == table.end())
          want = action == "amend" && w.c.filed_at ? "amend_after_filing" : "wrong_state";
        else if (!cell->second.roles.contains(name))
          want = "not_yours";
        else
          want = guard_says(w.c, action, r.role);
        if (w.c.unit.empty() && !person(r.role).unit.empty()) want = "out_of_scope";
        auto const decision = w.ask(w.command(person(r.role), action, full_input(action)));
        ASSERT_EQ(outcome(decision), want) << s.id << " " << action << " by " << name;
        if (auto const* done = std::get_if<Accepted>(&decision)) {
          ++accepted;
          ASSERT_EQ(id(done->rows.front().to), cell->second.to) << s.id << " " << action;
          ASSERT_EQ(done->after.version, w.c.version + static_cast<std::int64_t>(done->rows.size()));
        }
      }
    }
  }
  EXPECT_GT(accepted, 150);
}

TEST(Table, HoldsNoRowThatTheListDoesNotName) {
  auto const table = expected_table();
  std::set<std::string> const by_result{"verify", "check", "report"};
  std::size_t named = 0;
  for (auto const& row : lifecycle()) {
    std::string const action(id(row.action));
    if (by_result.contains(action)) continue;
    ++named;
    auto const cell = table.find({std::string(id(row.from)), action});
    ASSERT_NE(cell, table.end()) << id(row.from) << " " << action;
    EXPECT_EQ(id(row.to), cell->second.to) << id(row.from) << " " << action;
    std::set<std::string> roles;
    for (auto const role : row.who) {
      if (role != Role::system) roles.insert(std::string(id(role)));
    }
    EXPECT_EQ(roles, cell->second.roles) << id(row.from) << " " << action;
  }
  EXPECT_EQ(named, table.size() - 2);  // verify and check stand in the list once
}

TEST(Table, AnOutcomeChoosesItsRow) {
  EXPECT_EQ(find_row(State::checking, Action::check, "pass")->to, State::pending_close);
  EXPECT_EQ(find_row(State::checking, Action::check, "fail")->to, State::pending_dispose);
  EXPECT_EQ(find_row(State::checking, Action::check, "unable")->to, State::pending_review);
  EXPECT_EQ(find_row(State::checking, Action::check, ""), nullptr);
  for (auto const* result : {"exist", "not_exist", "unable"}) {
    EXPECT_EQ(find_row(State::verifying, Action::verify, result)->to, State::pending_accept);
  }
  EXPECT_EQ(find_row(State::reported, Action::report)->to, State::pending_accept);
  EXPECT_EQ(find_row(State::reported, Action::report, "self_disposed")->to, State::self_disposed_review);
}

TEST(Table, ButtonsAreExactlyWhatMayBeTried) {
  for (auto const& s : kStates) {
    if (s.state == State::reported) continue;
    World w;
    w.walk_to(s.state);
    for (auto const& r : kRoles) {
      if (r.role == Role::system) continue;
      auto const who = person(r.role);
      auto const buttons = actions_for(who, w.c, w.facts.open_tasks);
      for (auto const& a : actions()) {
        if (a.action == Action::report) continue;
        auto const said = outcome(w.ask(w.command(who, std::string(a.id), full_input(std::string(a.id)))));
        bool const shown = std::find(buttons.begin(), buttons.end(), a.action) != buttons.end();
        EXPECT_EQ(shown, said == "accepted") << s.id << " " << a.id << " by " << r.id << ": " << said;
      }
    }
  }
}

}  // namespace
}  // namespace wangge::core::test
