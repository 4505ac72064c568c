// Clocks that run out, through the writers: told exactly once, whoever dies; the regressions named by the field;
// assisting tasks at their unit's desk; deadlines that a changed calendar moves.
#include <gtest/gtest.h>

#include <algorithm>

#include "dispatcher/engine/command_writer.hpp"
#include "dispatcher/engine/report_writer.hpp"
#include "tests/engine/fixture.hpp"

namespace wangge::engine::test {
namespace {

using core::Role;
using core::test::local;
using core::test::person_of;
using namespace std::chrono_literals;

struct Clocks : testing::Test {
  City c;
  storage::MemoryStore report_store{c.database}, store{c.database};
  ReportWriter reports{c.city.district, report_store, [](std::string) {}};
  CommandWriter writer{c.city.district, store, [](std::string) {}};
  core::Instant now = local(2026, 11, 24, 9, 5);
  int commands = 0;
  Touched touched;

  void SetUp() override { begin(); }
  // A take-over; the connections it ends notice that once.
  void begin() {
    auto const start = report_store.take_over(c.city.district, "test");
    try {
      store.districts();
    } catch (storage::Broken const&) {
    }
    reports.begin(start, c.world(), {});
    store.join(c.city.district, start.epoch);
    writer.begin(start.epoch, c.world());
  }
  std::vector<std::string> report(int from, int to) {
    std::vector<ReportIn> batch;
    for (int i = from; i < to; ++i) batch.push_back(report_in(c, i));
    std::vector<std::string> numbers;
    for (auto const& out : reports.process(batch, now, touched)) numbers.push_back(out.answer.case_no());
    return numbers;
  }
  core::Case row(std::string const& case_no) const { return c.now().cases.at(case_no); }
  CommandAnswer act(std::string const& case_no, Role role, std::string action, core::ActionInput input,
                    core::Instant at) {
    CommandIn in;
    in.peer = "peer";
    in.correlation = std::to_string(++commands);
    in.command.command_id = in.command.body_hash = "c" + in.correlation;
    auto const present = row(case_no);
    in.command.who =
        person_of(role, present.unit, role == Role::squad_leader || role == Role::disposer ? present.squad : "");
    if (!core::test::person(role).unit.size()) in.command.who.unit = in.command.who.squad = "";
    in.command.who.district = c.city.district;
    in.command.action = std::move(action);
    in.command.input = std::move(input);
    in.command.case_no = case_no;
    in.command.version = present.version;
    in.command.received_at = at;
    return writer.process({in}, at, touched)[0];
  }
  int fire_all(core::Instant at) {
    int all = 0;
    for (int once = 1; once > 0; all += once) once = writer.fire(at, touched);
    return all;
  }
  std::vector<std::string> told(std::string const& case_no) const {
    std::vector<std::string> out;
    for (auto const& e : c.now().escalations)
      if (e.case_no == case_no) out.push_back(e.step + " " + e.told);
    return out;
  }
};

TEST_F(Clocks, EachRungIsToldInItsTimeAndStandsInHistory) {
  auto const no = report(1, 2)[0];  // 4 work hours from 09:05: due at 15:05, yellow at 14:17
  EXPECT_EQ(fire_all(local(2026, 11, 24, 14, 16)), 0);
  EXPECT_EQ(fire_all(local(2026, 11, 24, 14, 17)), 1);
  EXPECT_EQ(told(no), (std::vector<std::string>{"warn squad_leader", "warn disposer", "warn unit_clerk"}));
  EXPECT_EQ(fire_all(local(2026, 11, 24, 15, 5)), 1);
  EXPECT_EQ(told(no).back(), "breach unit_clerk");
  auto const version = row(no).version;
  EXPECT_EQ(fire_all(local(2026, 12, 30, 15, 5)), 3) << "the shift, the desk, the committee";
  EXPECT_EQ(told(no).back(), "committee leader");
  EXPECT_EQ(fire_all(local(2027, 12, 30, 15, 5)), 0) << "the ladder has an end";
  EXPECT_EQ(row(no).version, version) << "transport never raises the version";
  auto const rows = c.now().history.at(no);
  EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](auto const& r) { return r.action == "escalated"; }), 5);
  EXPECT_EQ(core::replay(c.city.district, no, rows).version, version);
}

// OnCall #4654, #4760.
TEST_F(Clocks, AcknowledgeStopsEveryLaterNotificationStep) {
  auto const no = report(1, 2)[0];
  EXPECT_EQ(act(no, Role::unit_clerk, "acknowledge", {}, local(2026, 11, 24, 10, 0)).row.status, 200);
  EXPECT_EQ(fire_all(local(2026, 11, 24, 15, 6)), 2) << "nothing had been told yet: there was nothing to acknowledge";
  EXPECT_EQ(act(no, Role::unit_head, "acknowledge", {}, local(2026, 11, 24, 15, 7)).row.status, 200);
  EXPECT_EQ(fire_all(local(2027, 6, 1, 9, 0)), 0);
  for (auto const& e : c.now().escalations) EXPECT_EQ(e.acknowledged_by, "unit_head");
}

// OnCall #3111.
TEST_F(Clocks, AVeryOldAcknowledgedItemNeverReEscalates) {
  auto const no = report(1, 2)[0];
  fire_all(local(2026, 11, 24, 15, 6));
  act(no, Role::unit_head, "acknowledge", {}, local(2026, 11, 24, 15, 7));
  act(no, Role::unit_head, "note", core::test::full_input("note"), local(2027, 1, 5, 9, 0));
  core::ActionInput other;
  other.squad = "a2";
  EXPECT_EQ(act(no, Role::unit_clerk, "reassign", other, local(2027, 3, 1, 9, 0)).row.status, 200);
  begin();  // a new take-over does not begin it anew either
  EXPECT_EQ(fire_all(local(2030, 1, 1, 9, 0)), 0);
}

TEST_F(Clocks, AnotherDeadlineIsAnotherLadder) {
  auto const no = report(1, 2)[0];
  act(no, Role::unit_clerk, "extend", core::test::full_input("extend"), local(2026, 11, 24, 14, 0));
  fire_all(local(2026, 11, 24, 15, 6));
  act(no, Role::unit_head, "acknowledge", {}, local(2026, 11, 24, 15, 7));
  core::ActionInput approve;
  approve.request_id = row(no).requests.front().request_id;
  EXPECT_EQ(act(no, Role::dispatch_officer, "approve_request", approve, local(2026, 11, 24, 15, 10)).row.status, 200);
  for (auto const& e : c.now().escalations) EXPECT_TRUE(e.ended) << "it was told of a deadline that is no longer";
  EXPECT_EQ(fire_all(local(2027, 6, 1, 9, 0)), 5);
}

// CCRS EscalationScheduler.
TEST_F(Clocks, MoreThanAHundredOverdueCasesAllEscalate) {
  auto const numbers = report(1, 181);
  auto const more = report(181, 701);
  EXPECT_EQ(fire_all(local(2026, 11, 24, 15, 6)), 2 * 700);
  std::set<std::string> breached;
  for (auto const& e : c.now().escalations)
    if (e.step == "breach") breached.insert(e.case_no);
  EXPECT_EQ(breached.size(), numbers.size() + more.size());
}

TEST_F(Clocks, ADispatcherThatDiesWhileTellingTellsExactlyOnce) {
  auto const no = report(1, 2)[0];
  for (auto const fault : {storage::Fault::in_doubt_committed, storage::Fault::in_doubt_lost, storage::Fault::broken}) {
    auto const at = fault == storage::Fault::in_doubt_committed ? local(2026, 11, 24, 14, 17)
                    : fault == storage::Fault::in_doubt_lost    ? local(2026, 11, 24, 15, 5)
                                                                : local(2026, 11, 25, 9, 30);
    int n = 0;
    c.database->fault = [&](char const*) { return n++ == 0 ? fault : storage::Fault::none; };
    EXPECT_ANY_THROW(writer.fire(at, touched));
    c.database->fault = {};
    begin();  // the next one takes over
    fire_all(at);
  }
  EXPECT_EQ(told(no), (std::vector<std::string>{"warn squad_leader", "warn disposer", "warn unit_clerk",
                                                "breach unit_head", "breach unit_clerk", "shift shift_leader"}));
}

// An old writer's word is refused like any other of an old epoch.
TEST_F(Clocks, AnOldEpochTellsNobody) {
  report(1, 2);
  storage::MemoryStore other{c.database};
  other.take_over(c.city.district, "other");
  EXPECT_ANY_THROW(writer.fire(local(2026, 11, 24, 15, 6), touched));
  EXPECT_TRUE(c.now().escalations.empty());
}

TEST_F(Clocks, AHandedOverCaseTellsNobody) {
  auto const no = report(1, 2)[0];
  EXPECT_EQ(act(no, Role::squad_leader, "sign", {}, now).row.status, 200);
  EXPECT_EQ(act(no, Role::squad_leader, "dispose", core::test::full_input("dispose"), now).row.status, 200);
  auto const timers = c.now().timers;
  EXPECT_FALSE(timers.contains({no, core::AlarmClock::disposal}));
  fire_all(local(2027, 11, 24, 15, 6));
  for (auto const& line : told(no)) EXPECT_EQ(line.find("warn"), std::string::npos) << line;
}

// Zammad: a resumed and failed check with a deadline that lies behind is told at once.
TEST_F(Clocks, AChangedCalendarMovesOpenDeadlinesPageByPageAndOnce) {
  now = local(2026, 12, 31, 17, 0);
  auto const numbers = report(1, 261);  // more than one page
  while (!writer.reprojected()) EXPECT_EQ(writer.reproject(now, touched), 0);
  auto days =
      std::map<core::LocalDay, bool>{{core::LocalDay{std::chrono::sys_days{std::chrono::year{2027} / 1 / 1}}, false}};
  c.city.calendars.insert_or_assign("center", core::Calendar(480min, {{480, 720}, {840, 1080}}, days,
                                                             std::chrono::sys_days{std::chrono::year{2026} / 1 / 1},
                                                             std::chrono::sys_days{std::chrono::year{2027} / 12 / 31}));
  c.city.version += 1;
  writer.set_world(c.world());
  EXPECT_EQ(writer.reproject(now, touched), 200);
  begin();  // killed half-way: the next one looks through them again
  int moved = 0;
  while (!writer.reprojected()) moved += writer.reproject(now, touched);
  EXPECT_EQ(moved, 60);
  for (auto const& no : numbers) {
    auto const rows = c.now().history.at(no);
    EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](auto const& r) { return r.action == "reproject"; }), 1) << no;
    EXPECT_FALSE(row(no).provisional);
    break;
  }
}

// FMS #3168: a case goes to its lead and to a unit that assists; one device is off.
TEST_F(Clocks, TwoDestinationsOneFailsOnlyThatOneRetries) {
  auto const no = report(1, 2)[0];
  act(no, Role::dispatch_officer, "recall", {}, now);
  core::ActionInput assisted;
  assisted.assist = {"city_b"};
  ASSERT_EQ(act(no, Role::dispatch_officer, "dispatch", assisted, now).row.status, 200);
  std::string lead, assist;
  for (auto const& [id, t] : c.now().tasks)
    if (t.task.open) (t.task.kind == core::TaskKind::assist ? assist : lead) = id;
  auto const pending = [&] {
    std::vector<std::string> ids;
    for (auto const& push : c.database->pending_pushes(100))
      if (!push.withdrawn) ids.push_back(push.task_id);
    return ids;
  };
  EXPECT_EQ(pending().size(), 2u);
  ReceivedIn in{"peer", "x", lead, 1, person_of(Role::squad_leader, row(no).unit, row(no).squad), now};
  in.who.district = c.city.district;
  ASSERT_EQ(writer.received({in}, now, touched)[0].row.status, 204);
  EXPECT_EQ(pending(), std::vector{assist}) << "the lead's device has it; only the other is sent again";
  EXPECT_EQ(writer.escalate(now + 600s, touched), 1);
  EXPECT_TRUE(c.now().tasks.at(assist).escalated_at);
  EXPECT_FALSE(c.now().tasks.at(lead).escalated_at);
}

// RULINGS 14: nobody's device but the desk's; before, it was escalated after 120 s whoever asked for it.
TEST_F(Clocks, AnAssistingTaskIsReceivedByItsUnitsDesk) {
  auto const no = report(1, 2)[0];
  EXPECT_EQ(act(no, Role::dispatch_officer, "recall", {}, now).row.status, 200);
  core::ActionInput assisted;
  assisted.assist = {"city_b"};
  EXPECT_EQ(act(no, Role::dispatch_officer, "dispatch", assisted, now).row.status, 200);
  core::Task assist;
  for (auto const& [id, t] : c.now().tasks)
    if (t.task.kind == core::TaskKind::assist) assist = t.task;
  ASSERT_EQ(assist.unit, "city_b");
  ReceivedIn in{"peer", "x", assist.task_id, assist.epoch, person_of(Role::unit_clerk, "city_b", "", "helper"), now};
  in.who.district = c.city.district;
  auto wrong = in;
  wrong.who = person_of(Role::unit_clerk, "city_a", "", "stranger");
  wrong.who.district = c.city.district;
  EXPECT_EQ(writer.received({wrong}, now, touched)[0].row.status, 404);
  wrong.who = person_of(Role::disposer, "city_b", "b1", "hand");
  wrong.who.district = c.city.district;
  EXPECT_EQ(writer.received({wrong}, now, touched)[0].row.status, 404) << "the desk passes it on";
  EXPECT_EQ(writer.received({in}, now, touched)[0].row.status, 204);
  writer.escalate(now + 600s, touched);
  EXPECT_FALSE(c.now().tasks.at(assist.task_id).escalated_at.has_value());
}

}  // namespace
}  // namespace wangge::engine::test
