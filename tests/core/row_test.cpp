// Row by row: each row of the lifecycle is brought about, refused in every way it can be, taken, and looked at: what
// became of the disposal clock, and which counts rose. The expectations stand in expected_rows.hpp, written by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "tests/core/expected_rows.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono_literals;

std::set<std::string> words(std::string const& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

std::string title(Row const& row) {
  return std::string(id(row.from)) + " " + std::string(id(row.action)) +
         (row.outcome.empty() ? "" : "=" + std::string(row.outcome));
}

// A row about to be taken: who takes it, with what.
struct Staged {
  World w;
  Principal who;
  ActionInput in;
  Command command() const { return w.command(who, action, in); }
  std::string action;
};

void put(World& w) {
  w.facts.present = w.c;
}

void add_task(World& w, TaskKind kind, std::string unit, std::string holder) {
  Task task;
  task.task_id = w.c.case_no + "-extra";
  task.case_no = w.c.case_no;
  task.kind = kind;
  task.unit = std::move(unit);
  task.holder = std::move(holder);
  task.created_at = w.now;
  w.tasks.push_back(task);
  w.facts.open_tasks.push_back(task);
}

void add_order(World& w, bool answered) {
  Order order{"o1", OrderKind::supervise, "inspector", w.now - 1h, std::nullopt, std::nullopt, "查"};
  if (answered) order.answered_at = w.now;
  w.c.orders = {order};
  put(w);
}

void add_request(World& w, RequestKind kind, std::string by) {
  w.c.requests.push_back({"r1", kind, std::move(by), w.now, w.now + 240h, "理由"});
  put(w);
}

std::optional<RequestKind> request_kind(std::string_view text) {
  auto const at = std::find(kRequestKinds.begin(), kRequestKinds.end(), text);
  return at == kRequestKinds.end() ? std::nullopt : std::optional(static_cast<RequestKind>(at - kRequestKinds.begin()));
}

// Brings a case to where `row` can be taken. Nothing here knows what taking it does.
void stage(Row const& row, Staged& s) {
  auto& w = s.w;
  s.action = std::string(id(row.action));
  bool const hazard = s.action == "make_safe" || (row.action == Action::check &&
                                                  (row.from == State::pending_dispose || row.from == State::disposing));
  bool const enforced = row.outcome == "not_restored";
  w.walk_to(enforced ? State::in_enforcement : row.from);
  if (enforced) w.do_(Role::acceptor, "send_check");
  if (hazard) w.do_(Role::acceptor, "set_urgent", full_input("set_urgent"));
  if (hazard && row.action == Action::check) w.do_(Role::disposer, "make_safe", full_input("make_safe"));
  w.pass(std::chrono::minutes{3});
  s.in = full_input(s.action);
  auto const role = std::find_if(row.who.begin(), row.who.end(), [](Role r) { return r != Role::system; });
  s.who = person(role == row.who.end() ? Role::system : *role);
  if (row.action == Action::check || row.action == Action::verify) {
    s.in.result = row.outcome == "not_restored" ? "fail" : std::string(row.outcome);
    if (!info(row.from).open) add_task(w, TaskKind::check, "", "p1");
    s.who.name = w.facts.open_tasks.empty() ? "p1" : w.facts.open_tasks.back().holder;
  }
  if (auto const kind = request_kind(row.outcome)) add_request(w, *kind, "clerk");
  if (s.action == "approve_void" || s.action == "refuse_void") add_request(w, RequestKind::void_, "clerk");
  if (s.action == "answer_order") add_order(w, false);
  if (s.action == "judge_order") add_order(w, true), s.who.name = "inspector";
  if (s.action == "answer_order" || s.action == "judge_order") s.in.request_id = "o1";
  if (s.action == "assist_done" || s.action == "waive_assist") add_task(w, TaskKind::assist, "city_b", "");
  if (s.action == "assist_done") s.who.unit = "city_b", s.who.squad = "b1";
  if (s.action == "appeal") w.c.late = true, put(w);
  if (row.outcome == "upstream") w.c.upstream_number = "U-1", put(w);
  if (s.action == "reproject") {  // today is a holiday after all
    std::map<LocalDay, bool> days;
    for (int i = 0; i < 3; ++i) days[LocalDay{std::chrono::year{2025} / 9 / 22} + Days{i}] = false;
    w.city.calendars.at("center") =
        Calendar(std::chrono::minutes{480}, {{480, 720}, {840, 1080}}, days, LocalDay{std::chrono::year{2025} / 1 / 1},
                 LocalDay{std::chrono::year{2026} / 12 / 31});
  }
}

// ---- how a row can be refused: what is changed about what would be accepted, and the reason it must give

struct Obstacle {
  char const* name;  // of expected_rows.hpp
  char const* reason;
  std::function<void(Staged&)> put;
};

Obstacle const kObstacles[] = {
    {"no_checker_on_duty", "no_checker_on_duty", [](Staged& s) { s.w.city.duty.clear(); }},
    {"not_your_task", "not_your_task", [](Staged& s) { s.who.name = "p9"; }},
    {"checker_of_disposing_unit", "checker_of_disposing_unit", [](Staged& s) { s.who.unit = s.w.c.unit; }},
    {"not_the_hour", "not_the_hour",
     [](Staged& s) {
       s.w.city.catalogue.begin()->second.same_period = true;
       s.w.pass(std::chrono::minutes{6 * 60});
     }},
    {"no_master", "no_master", [](Staged& s) { s.w.facts.other.reset(); }},
    {"master_not_open", "master_not_open", [](Staged& s) { s.w.facts.other->state = State::closed; }},
    {"has_duplicates", "has_duplicates", [](Staged& s) { s.w.c.duplicates = 1, put(s.w); }},
    {"other_category", "other_category", [](Staged& s) { s.w.facts.other->code = "02002"; }},
    {"place_unusable", "place_unusable", [](Staged& s) { s.w.c.place_unusable = true, put(s.w); }},
    {"unknown_category", "unknown_category",
     [](Staged& s) {
       s.action == "amend" ? void(s.in.category = CategoryKey{"local", "matter", "x"})
                           : (s.w.c.code = "99999", put(s.w));
     }},
    {"unknown_condition", "unknown_condition", [](Staged& s) { s.in.condition = "9"; }},
    {"nothing_to_amend", "field_missing", [](Staged& s) { s.in.address.clear(); }},
    {"half_a_place", "field_missing", [](Staged& s) { s.in.lon = 116.5; }},
    {"unknown_unit", "unknown_unit", [](Staged& s) { s.in.unit = "nowhere"; }},
    {"unknown_squad", "unknown_squad", [](Staged& s) { s.in.squad = "zz"; }},
    {"squad_not_of_unit", "squad_not_of_unit",
     [](Staged& s) { s.in.squad = "b1", s.in.unit = s.action == "dispatch" ? "city_a" : ""; }},
    {"unknown_assisting", "unknown_unit", [](Staged& s) { s.in.assist = {"nowhere"}; }},
    {"no_route", "field_missing", [](Staged& s) { s.w.city.routes.clear(), s.w.city.finish(); }},
    {"nobody_named", "field_missing", [](Staged& s) { s.in.squad.clear(); }},
    {"return_window_over", "return_window_over", [](Staged& s) { s.w.pass(std::chrono::minutes{8 * 60}); }},
    {"unit_is_binding", "unit_is_binding", [](Staged& s) { s.w.c.binding = true, put(s.w); }},
    {"request_open", "request_open",
     [](Staged& s) { add_request(s.w, *request_kind(s.action == "request_void" ? "void" : s.action), "x"); }},
    {"no_request", "no_request", [](Staged& s) { s.w.c.requests.clear(), put(s.w); }},
    {"sender_may_not_decide", "sender_may_not_decide", [](Staged& s) { s.w.facts.dispatched_by = s.who.name; }},
    {"same_person", "same_person", [](Staged& s) { s.w.c.requests.back().by = s.who.name, put(s.w); }},
    {"hazard_not_safe", "hazard_not_safe", [](Staged& s) { s.w.c.clock = "urgent", put(s.w); }},
    {"already_late", "already_late", [](Staged& s) { s.w.pass(std::chrono::minutes{24 * 60}); }},
    {"extensions_used", "extensions_used", [](Staged& s) { s.w.c.extensions = 2, put(s.w); }},
    {"until_out_of_range", "until_out_of_range", [](Staged& s) { s.in.until = s.w.now - 1h; }},
    {"suspended_before", "suspended_before", [](Staged& s) { s.w.c.suspensions = 1, put(s.w); }},
    {"not_a_hazard", "not_a_hazard", [](Staged& s) { s.w.c.made_safe_at = s.w.now, put(s.w); }},
    {"not_yours", "not_yours", [](Staged& s) { s.who.unit = "city_a", s.who.squad = "a1"; }},
    {"no_assist", "no_assist", [](Staged& s) { s.in.unit = "city_a"; }},
    {"assists_open", "assists_open", [](Staged& s) { add_task(s.w, TaskKind::assist, "city_b", ""); }},
    {"unknown_closing_condition", "unknown_closing_condition", [](Staged& s) { s.in.closing_condition = "forgotten"; }},
    {"not_late", "not_late", [](Staged& s) { s.w.c.late = false, put(s.w); }},
    {"appealed_before", "appealed_before", [](Staged& s) { s.w.c.appeal = "refused", put(s.w); }},
    {"reopen_window_over", "reopen_window_over", [](Staged& s) { s.w.pass(std::chrono::minutes{31 * 1440}); }},
    {"followed_before", "followed_before", [](Staged& s) { s.w.c.followed_by = "x", put(s.w); }},
    {"urgent_already", "urgent_already", [](Staged& s) { s.w.c.urgent = true, put(s.w); }},
    {"nothing_said", "field_missing", [](Staged& s) { s.in.text.clear(), s.in.photos.clear(); }},
    {"no_order", "no_order", [](Staged& s) { s.in.request_id = "o9"; }},
    {"answered_already", "no_order", [](Staged& s) { add_order(s.w, true); }},
    {"not_the_giver", "not_the_giver", [](Staged& s) { s.w.c.orders.front().by = "another", put(s.w); }},
    {"deadline_stands", "deadline_stands", [](Staged& s) { s.w.city = small_city(); }},
};

// What every row shares (CONTRACT 5), tried on each. `at` needs the right; a dead month takes nothing.
void shared_refusals(Row const& row, Staged const& s) {
  auto const refused = [&](char const* reason, std::function<void(Command&)> const& change) {
    auto command = s.command();
    change(command);
    EXPECT_EQ(outcome(s.w.ask(command)), reason) << title(row);
  };
  refused("out_of_scope", [](Command& c) { c.who.district = "110101"; });
  refused("not_yours", [](Command& c) { c.who = person(Role::sys_admin); });
  refused("stale_version", [](Command& c) { c.version -= 1; });
  refused("backdate_not_allowed", [&](Command& c) { c.at = s.w.now; });
  refused("at_in_future", [&](Command& c) { c.who.backdate = true, c.at = s.w.now + 1h; });
  refused("at_before_last", [&](Command& c) { c.who.backdate = true, c.at = s.w.c.last_at - 1ms; });
  for (auto const& field : info(row.action).fields) {
    if (!field.required) continue;
    refused("field_missing", [&](Command& c) {
      ActionInput const all = c.input;
      auto& in = c.input;
      if (field.name == "reason") in.reason.clear();
      if (field.name == "photos") in.photos.clear();
      if (field.name == "text") in.text.clear();
      if (field.name == "result") in.result.clear();
      if (field.name == "until") in.until.reset();
      if (field.name == "unit") in.unit.clear();
      if (field.name == "into") in.into.clear();
      if (field.name == "number") in.number.clear();
      if (field.name == "closing_condition") in.closing_condition.clear();
      if (field.name == "request_id") in.request_id.clear();
    });
  }
}

// ---- what a row leaves behind

// Every field that counts something for somebody.
std::set<std::string> const kCountFields{
    "accepted_at",   "filed_at",     "dispatched_at",   "signed_at",  "disposed_at",    "handed_over_at",
    "checked_at",    "closed_at",    "returns",         "rework",     "wrong_dispatch", "extensions",
    "suspensions",   "made_safe_at", "safe_checked_at", "supervised", "urges",          "instructions",
    "verify_result", "replied_at",   "appeal",          "exempt",     "merged_into",    "followed_by"};

Millis left_now(World const& w, Case const& c, Instant at) {
  return left_at(w.city.calendar_of(c.unit), *clock_from(c.clock), at, *c.due_at);
}

using ClockSays = void (*)(World const&, Case const& before, Case const& after);
void stands(World const&, Case const& b, Case const& a) {
  EXPECT_EQ(a.due_at, b.due_at);
  EXPECT_EQ(a.left_ms, b.left_ms);
  EXPECT_EQ(a.run_from, b.run_from);
  EXPECT_EQ(a.run_left_ms, b.run_left_ms);
}
std::map<std::string, ClockSays> const kClockSays{
    {"stands", stands},
    {"ends",
     [](World const& w, Case const& b, Case const& a) {
       stands(w, b, a);
       EXPECT_FALSE(info(a.state).open);
     }},
    {"starts",
     [](World const& w, Case const&, Case const& a) {
       ASSERT_TRUE(a.due_at && !a.left_ms);
       EXPECT_EQ(*a.due_at, deadline(w.city.calendar_of(a.unit), {*clock_from(a.clock), a.limit_minutes}, w.now).due);
     }},
    {"stops", [](World const& w, Case const& b,
                 Case const& a) { EXPECT_EQ(Millis{a.left_ms.value_or(-7)}, left_now(w, b, w.now)); }},
    {"stops_from_asking",
     [](World const& w, Case const& b, Case const& a) {
       EXPECT_EQ(Millis{a.left_ms.value_or(-7)}, left_now(w, b, b.requests.back().at));
     }},
    {"resumes",
     [](World const& w, Case const& b, Case const& a) {
       ASSERT_TRUE(b.left_ms && !a.left_ms);
       EXPECT_EQ(left_now(w, a, w.now), Millis{*b.left_ms}) << "a pause adds or loses nothing";
     }},
    {"extends",
     [](World const& w, Case const& b, Case const& a) {
       EXPECT_EQ(left_now(w, a, w.now) - left_now(w, b, w.now), Millis{std::chrono::minutes{b.limit_minutes}});
     }},
    {"is_handed_over",
     [](World const& w, Case const& b, Case const& a) {
       EXPECT_EQ(a.handed_over_at, w.now);
       EXPECT_EQ(a.due_at, b.due_at);
       EXPECT_EQ(Millis{a.left_ms.value_or(-7)}, left_now(w, b, w.now));
       EXPECT_EQ(a.late, w.now > *b.due_at);
     }},
    {"hurries",
     [](World const& w, Case const& b, Case const& a) {
       EXPECT_TRUE(a.urgent);
       if (b.clock.empty()) return stands(w, b, a);  // the filing gives the urgent limit
       EXPECT_EQ(a.clock, "urgent");
       if (!b.due_at) return stands(w, b, a);
       if (b.left_ms) {
         EXPECT_LE(*a.left_ms, *b.left_ms);
         return;
       }
       EXPECT_LE(*a.due_at, *b.due_at) << "never gives time back";
     }},
    {"is_derived_again",
     [](World const&, Case const& b, Case const& a) {
       EXPECT_NE(a.due_at, b.due_at);
       EXPECT_EQ(a.run_from, b.run_from);
       EXPECT_EQ(a.run_left_ms, b.run_left_ms) << "the segment is the same, only the calendar changed";
     }},
};

ExpectedRow const* expected(Row const& row) {
  for (auto const& e : kExpectedRows) {
    if (id(row.action) == e.action && row.outcome == e.outcome &&
        (std::string(e.from).empty() || id(row.from) == e.from))
      return &e;
  }
  return nullptr;
}

class EachRow : public ::testing::TestWithParam<std::size_t> {
 protected:
  Row const& row() const { return lifecycle()[GetParam()]; }
};

TEST_P(EachRow, IsTakenRefusedAndCountsAsTheListSays) {
  if (row().action == Action::report) return;  // intake_test.cpp: a report is never refused here
  auto const* want = expected(row());
  ASSERT_NE(want, nullptr) << title(row()) << " stands in no line of expected_rows.hpp";

  Staged s;
  stage(row(), s);
  if (HasFatalFailure()) return;
  shared_refusals(row(), s);
  for (auto const& name : words(want->refusals)) {
    auto const* obstacle =
        std::find_if(std::begin(kObstacles), std::end(kObstacles), [&](Obstacle const& o) { return o.name == name; });
    ASSERT_NE(obstacle, std::end(kObstacles)) << name << " is tried by nothing";
    Staged refused = s;
    obstacle->put(refused);
    EXPECT_EQ(outcome(refused.w.ask(refused.command())), obstacle->reason) << title(row()) << ": " << name;
  }

  auto const before = s.w.c;
  auto const decision = s.w.ask(s.command());
  ASSERT_EQ(outcome(decision), "accepted") << title(row());
  auto const& done = std::get<Accepted>(decision);
  ASSERT_EQ(done.rows.size(), 1u);
  EXPECT_EQ(done.rows.front().from, row().from);
  EXPECT_EQ(done.rows.front().to, row().to);
  EXPECT_EQ(done.after.state, row().to);
  EXPECT_EQ(done.after.version, before.version + 1);
  kClockSays.at(want->clock)(s.w, before, done.after);
  std::set<std::string> counted;
  for (auto const& [field, value] : done.rows.front().changes)
    if (kCountFields.contains(field)) counted.insert(field);
  EXPECT_EQ(counted, words(want->counts)) << title(row());
  if (HasFailure()) ADD_FAILURE() << "in row " << title(row());
}

// Called through a name a person can read: state, action, outcome.
INSTANTIATE_TEST_SUITE_P(Lifecycle, EachRow, ::testing::Range<std::size_t>(0, lifecycle().size()),
                         [](auto const& asked) {
                           auto name = title(lifecycle()[asked.param]);
                           std::replace_if(
                               name.begin(), name.end(),
                               [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
                           return name;
                         });

TEST(Rows, EveryLineOfTheListSpeaksOfARow) {
  for (auto const& e : kExpectedRows) {
    bool const used =
        std::any_of(lifecycle().begin(), lifecycle().end(), [&](Row const& row) { return expected(row) == &e; });
    EXPECT_TRUE(used) << e.action << " " << e.outcome << " " << e.from;
  }
  std::set<std::string> tried;
  for (auto const& e : kExpectedRows) tried.merge(words(e.refusals));
  for (auto const& o : kObstacles) EXPECT_TRUE(tried.contains(o.name)) << o.name << " is tried on no row";
}

// A guard that says no for a reason which no line of the list names would be tested by nothing.
TEST(Rows, EveryRowWithAGuardNamesARefusal) {
  for (auto const& row : lifecycle()) {
    if (row.action == Action::report || row.guard == Guard::none) continue;
    auto const* want = expected(row);
    ASSERT_NE(want, nullptr) << title(row);
    EXPECT_NE(std::string(want->refusals), "") << title(row);
  }
}

// ---- any order of concurrent commands gives one history

TEST(Concurrency, AnyOrderOfConcurrentCommandsGivesOneHistory) {
  struct Try {
    Role role;
    char const* action;
  };
  Try const kTries[]{{Role::squad_leader, "sign"},
                     {Role::dispatch_officer, "recall"},
                     {Role::unit_clerk, "return"},
                     {Role::acceptor, "request_void"}};
  std::array<std::size_t, std::size(kTries)> order{0, 1, 2, 3};
  std::set<std::string> histories;
  do {
    World w;
    w.walk_to(State::pending_dispose);
    std::vector<Command> all;  // officers who all saw the same version
    for (auto const& t : kTries) all.push_back(w.command(person(t.role), t.action, full_input(t.action)));
    std::string history;
    for (auto const i : order) {
      auto const decision = w.ask(all[i]);
      bool const first = i == order.front();
      ASSERT_EQ(outcome(decision), first ? "accepted" : "stale_version") << all[i].action;
      if (!first) continue;
      w.apply(std::get<Accepted>(decision));
      history = all[i].action;
    }
    ASSERT_EQ(w.c.version, static_cast<std::int64_t>(w.rows.size())) << "one row a version";
    for (std::size_t i = 0; i < w.rows.size(); ++i) ASSERT_EQ(w.rows[i].version, static_cast<std::int64_t>(i + 1));
    ASSERT_TRUE(same(replay(w.c.district, w.c.case_no, w.rows), w.c));
    histories.insert(history);
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(histories.size(), std::size(kTries)) << "whoever came first was heard, and nobody else";
}

}  // namespace
}  // namespace wangge::core::test
