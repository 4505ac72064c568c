// All states × actions × roles against a list written by hand from DOMAIN 3.3 and RULINGS 3, 8, 9, 10, 13: the row that
// is taken, or the reason why not. The list is not made from the table it checks.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "tests/core/expected_table.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

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
  static std::set<std::string> const kOfARequest{"approve_void", "refuse_void", "approve_request", "refuse_request"};
  if (kOfARequest.contains(action)) return "no_request";
  bool const return_decision = action == "approve_return" || action == "refuse_return";
  if (return_decision && role == Role::coordinator) return "not_yours";  // only the third return is his
  if (action == "make_safe") return "not_a_hazard";                      // its condition is not urgent
  if (action == "assist_done") return "not_yours";                       // nobody was asked to assist
  if (action == "waive_assist") return "no_assist";
  if (action == "appeal") return "not_late";
  if (action == "answer_order" || action == "judge_order") return "no_order";  // nobody gave one
  if (action == "check" && c.state != State::checking) return "not_your_task";
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
        bool const of_unit = r.role == Role::squad_leader || r.role == Role::disposer || r.role == Role::unit_clerk ||
                             r.role == Role::unit_head;
        if (!roles_of[action].contains(name) || (action == "assist_done" && of_unit))
          want = "not_yours";
        else if (of_unit && w.c.unit.empty())
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
  std::set<std::string> const by_result{"verify", "check", "report", "close", "approve_request", "refuse_request"};
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
  std::size_t listed = 0;
  for (auto const& [key, cell] : table) listed += !by_result.contains(key.second);
  EXPECT_EQ(named, listed);
}

TEST(Table, AnOutcomeChoosesItsRow) {
  EXPECT_EQ(find_row(State::checking, Action::check, "pass")->to, State::pending_close);
  EXPECT_EQ(find_row(State::checking, Action::check, "fail")->to, State::pending_dispose);
  EXPECT_EQ(find_row(State::checking, Action::check, "unable")->to, State::pending_review);
  EXPECT_EQ(find_row(State::checking, Action::check, ""), nullptr);
  EXPECT_EQ(find_row(State::checking, Action::check, "not_restored")->to, State::in_enforcement);
  EXPECT_EQ(find_row(State::pending_close, Action::close, "upstream")->to, State::awaiting_upstream);
  struct Decided {
    State from;
    char const* kind;
    State to;
  };
  for (auto const& d : {Decided{State::disposing, "extend", State::disposing}, {State::disposing, "defer", State::suspended},
                        {State::pending_dispose, "suspend", State::suspended}, {State::verifying, "force_close", State::forced_closed},
                        {State::pending_close, "transfer_out", State::transferred_out}, {State::closed, "appeal", State::closed}}) {
    EXPECT_EQ(find_row(d.from, Action::approve_request, d.kind)->to, d.to) << d.kind;
    EXPECT_EQ(find_row(d.from, Action::refuse_request, d.kind)->to, d.from) << d.kind;
  }
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
