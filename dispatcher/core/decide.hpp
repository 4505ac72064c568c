// decide(facts, what came in, now) -> what becomes of it. Pure: the same arguments give the same answer for ever.
#pragma once

#include <functional>
#include <variant>

#include "dispatcher/core/city.hpp"
#include "dispatcher/core/lifecycle.hpp"
#include "dispatcher/core/marks.hpp"

namespace wangge::core {

// Where a point lies, found by the engine (Boost.Geometry) and handed in as a fact. No cells: unusable.
// Several cells (a point on a shared edge): the core takes the lowest code.
struct Place {
  struct Cell {
    std::string grid, street, community;
    std::string area_level;
  };
  std::vector<Cell> cells;
  std::vector<std::string> inside;  // keys of City::managed whose ring holds the point
};

struct ComponentFact {
  std::string component_id, maintainer, owner;
};
using SquadLoads = std::map<std::string, std::int64_t, std::less<>>;  // squad -> its open tasks

struct Neighbour {  // an open case near in place and time, same category
  std::string case_no, component_id;
};

// Where a person was seen last, and when; asked by name. It breaks ties between patrollers whose roster lines are as narrow.
struct Seen {
  double lon = 0, lat = 0;  // CGCS2000
  Instant at{};
};
using WhereIs = std::function<std::optional<Seen>(std::string_view person)>;
inline constexpr std::chrono::minutes kSeenFor{30};  // older than that says nothing about now

struct Facts {
  City const* city = nullptr;     // never null
  std::optional<Case> present;    // the case a command is about
  std::vector<Task> open_tasks;   // its open tasks
  Place place;                    // of the report, or of an amended place
  std::optional<ComponentFact> component;
  std::vector<Neighbour> neighbours;
  std::string dispatched_by;      // actor of the newest `dispatch` row, for Guard::not_the_sender
  std::optional<Case> other;      // merge: the master; unmerge: the master it was merged into; report: a near one of its component
  std::string next_case_no;       // for a linked case that this command may open
  // The closing codes that the case's filing condition asked for in the catalogue it was filed under, where that is not the
  // present one; not known: any will do.
  std::optional<std::vector<std::string>> closing_then;
  WhereIs const* where = nullptr;        // null: nobody's place is known
  SquadLoads const* loads = nullptr;     // known only where some rule asks for it
  std::optional<bool> component_near;    // is one of the reported kind on the map within 20 m? Not asked: empty
  bool key_conflict = false;      // a report whose key was used before with another body, seen after a 202 (CONTRACT 4)
};

struct TaskChange {
  Task task;               // as it is afterwards; open=false: done or withdrawn
  bool withdrawn = false;  // tell the holder to drop it (task_withdrawn)
  bool given = false;      // new, or given to somebody else: push it
  // Taken from somebody and given on (reassign: given = true, same task_id, epoch + 1): who had it until now and must
  // be sent task_withdrawn with the old epoch. Both empty: nobody.
  std::string previous_squad, previous_holder;
};

struct Accepted {
  Case after;
  std::vector<HistoryRow> rows;  // in order; rows.back().version == after.version
  std::vector<TaskChange> tasks;
  std::vector<SpanChange> spans;
  std::vector<StepMarks> marks;  // one a row that counts
  std::vector<RouteRule> rules;  // what the coordination desk ruled for cases to come, in the same transaction
  std::vector<Accepted> also;    // other cases moved or opened with this one, in the same transaction
};

struct Refused {
  Reason reason;
  std::string field;  // JSON pointer, when one field is to blame
};

using Decision = std::variant<Accepted, Refused>;

// A report becomes a case and goes as far as policy `auto` and the facts carry it (RULINGS 10). Never refused here:
// what cannot go on stops in the manual queue. case_no is given by the engine. `now` is the system's own time: a report
// that waited for a dead system starts its squad's clock when the squad can hear of it, not before (RULINGS 1).
Accepted decide_report(Facts const& facts, Report const& report, std::string const& case_no, Instant now);

// Is this a component's fault without an identity, where the city knows its components? Then the engine looks for one near.
bool asks_for_component(City const& city, Report const& report);

// One action on a case at `now`, the system's own time; what a person did is judged by command.received_at. Checks in
// CONTRACT 5's order: scope, role/unit/squad, version, then guards; automatic steps
// that follow by policy (confirm, send_check) are rows of their own by `system`.
Decision decide(Facts const& facts, Command const& command, Instant now);

// Only what was granted of the clock counts from its asking (RULINGS 2). Who asks to void a case, to close it by force
// or to move it out asks for its end, and that comes when it is decided: until then it is as late as it is (DECISIONS
// 154).
constexpr bool counts_from_asking(RequestKind kind) {
  return kind == RequestKind::return_ || kind == RequestKind::extend || kind == RequestKind::defer ||
         kind == RequestKind::suspend;
}

// Replays rows onto an empty case; throws std::invalid_argument when a row's move is not in the lifecycle table or
// versions do not rise by one. `spans`, when given, receives the case's spans, as the rows lead to them.
// `marks`, when given, receives what the rows count as: as they were decided, but for what the city's roster and windows of
// that day said (`missed`, `overtime_back`), which the city given here answers anew.
struct MarksReplayed {
  City const* city = nullptr;
  std::span<Task const> tasks;  // every task of the case that verifies or checks, as it is now
  std::vector<StepMarks> steps;
};
Case replay(std::string const& district, std::string const& case_no, std::span<HistoryRow const> rows,
            std::vector<Span>* spans = nullptr, MarksReplayed* marks = nullptr);

// Light of an open case at `now`: green | yellow | red; "" when no disposal clock has started.
std::string_view light(Case const& c, Instant now);

struct Routed {
  std::string unit, squad, rule;
  RouteLevel level = RouteLevel::territorial;
  std::vector<std::string> assisting;  // whom the responsibility list names beside
};

// What one level of routing came to; kept on the case, put into words by route_words.hpp.
struct RouteStep {
  RouteLevel level = RouteLevel::territorial;
  // hit | no_rule | no_component | gone (names a unit or squad that is not there) | absent (nobody of the unit is there) |
  // disagree (rule and other name different answers) | named (a person, `by`, named unit and squad)
  std::string result;
  std::string rule, other, unit, squad, by, document;
  std::string how;  // how the squad was found: named | shift | distance | load | stand_in | only
  bool operator==(RouteStep const&) const = default;
};

struct RouteFacts {
  Instant at{};  // local day and time of day
  std::optional<ComponentFact> component;
  SquadLoads const* loads = nullptr;
};
// The order of RouteLevel; nullopt = a person decides. `tried` receives one step per level looked at, for explain.
std::optional<Routed> route(City const& city, Case const& c, RouteFacts const& facts,
                            std::vector<RouteStep>* tried = nullptr);

// The patroller for a verify or check task at this place and time, never of `not_of_unit`; "" = nobody on duty.
std::string patroller_on_duty(City const& city, Case const& c, Instant at, std::string_view not_of_unit);

// A deadline on the clock's own calendar: (from, limit) -> (due, warn at 80 %), provisional per RULINGS 6.
struct Deadline {
  Instant due{}, warn{};
  bool provisional = false;
};
Deadline deadline(Calendar const& calendar, Limit const& limit, Instant from);
Deadline deadline_left(Calendar const& calendar, ClockKind clock, Instant from, Millis left, Millis whole);
// What is left on the clock at `now` (negative when late).
Millis left_at(Calendar const& calendar, ClockKind clock, Instant now, Instant due);

// Would the calendar of the case's unit now give its running clock another deadline, or call it certain (RULINGS 6)?
bool deadline_moved(City const& city, Case const& c);

}  // namespace wangge::core
