// A small city for tests: two units, three squads, two patrollers, six categories, the State Council's calendar of 2025
// and 2026; and a World in which one case is reported and walked through its life by named people.
#pragma once

#include <string>
#include <vector>

#include "dispatcher/core/decide.hpp"

namespace wangge::core::test {

// Local time of Asia/Shanghai as an instant: local(2025, 9, 26, 17, 0).
Instant local(int year, unsigned month, unsigned day, int hour = 0, int minute = 0, int second = 0);
std::string local_text(Instant at);  // "2025-09-26 17:00:00.000", for failure messages

// Units city_a (squads a1, a2) and city_b (b1). Streets s1, s2; cells g11, g12 (s1), g21 (s2).
// Categories, all matters of gbt47678.5-2026: 01001 (work hours 4, second condition urgent 2 h), 02002 (2 work days),
// 03003 (urgent 1 h), 04004 (3 natural days), 05005 (no route), 06006 (no condition). 01001 in g11 -> city_a/a1;
// in s1 -> city_a/a2; class 02 -> city_b/b1; everything else in s1 -> city_b/b1 (territorial); 05005 lies in class 05,
// place it in s2 and nobody answers. Patrollers p1 (s1, of patrol_co) and p2 (whole district, of patrol_co), both all
// day.
City small_city();
Principal person(Role role, std::string name = "");  // unit roles: city_a/a1
Principal person_of(Role role, std::string unit, std::string squad, std::string name = "");

Place place_in(std::string const& grid);  // g11, g12, g21; "" = nowhere
Report a_report(std::string source = "patrol", std::string code = "01001");

// Everything off: a case rests at each step until somebody acts.
Policy by_hand();

struct WorldParts {
  City city;
  Facts facts;  // present, open tasks and dispatched_by follow the case
  Instant now;  // of the next command; moved by tests
  Case c;
  std::vector<Task> tasks;  // every task ever made, as it is now
  std::vector<HistoryRow> rows;
  std::vector<SpanChange> span_changes;
  std::vector<Span> spans;             // folded
  std::vector<StepMarks> marks;
  std::vector<TaskChange> last_tasks;  // of the last accepted decision
  std::vector<Accepted> also;          // other cases it moved or opened
};

struct World : WorldParts {
  explicit World(City c = small_city());
  World(World const& other) : WorldParts(other) { facts.city = &city; }
  World& operator=(World const&) = delete;

  void report(Report r = a_report(), std::string const& grid = "g11");
  // Reports by patrol with policy by_hand and walks the case to `state` with ordinary people, one minute a step.
  void walk_to(State state);
  Command command(Principal const& who, std::string const& action, ActionInput input = {}) const;
  Decision ask(Command const& command) const;  // decides without applying
  // Decides and applies; a refusal changes nothing. do_: fails the test when refused.
  Decision act(Principal const& who, std::string const& action, ActionInput input = {});
  void do_(Role role, std::string const& action, ActionInput input = {});
  void do_(Principal const& who, std::string const& action, ActionInput input = {});
  Task const* open_task(TaskKind kind) const;
  void pass(std::chrono::minutes m) { now += m; }
  void apply(Accepted const& accepted);
};

// "accepted" or the reason's own name.
std::string outcome(Decision const& decision);
// An input that satisfies the action's required fields (result: the first choice).
ActionInput full_input(std::string const& action);
bool same(Case const& a, Case const& b);

}  // namespace wangge::core::test
