// The read model: tasks, pushes, and who is told of a clock that ran out.
#include "storage/read_model.hpp"

#include <gtest/gtest.h>

#include "tests/store/read_fixture.hpp"

namespace wangge::tests {
namespace {

using core::Role;
using core::State;
using storage::CaseFilter;

TEST_F(ReadModel, TasksGoToTheirSquadOrHolder) {
  auto who = principal(Role::disposer);
  who.unit = "U1";
  who.squad = "S1";
  auto const tasks = reads->tasks(who, "", 200).items;
  EXPECT_EQ(members(tasks, "case_no"), Numbers{number(1)});
  EXPECT_EQ(members(tasks, "due_at"), Numbers{"2026-11-02T09:01:00.000+08:00"});
  EXPECT_EQ(members(tasks, "received"), Numbers{"false"});
  auto const waiting = reads->unreceived_of(who);
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].task_id, Life(1).dispatched().task_id());
  EXPECT_EQ(waiting[0].epoch, 1);
  EXPECT_EQ(members(waiting[0].json, "case_no"), Numbers{number(1)});
  EXPECT_EQ(members(reads->tasks(principal(Role::shift_leader), "", 200).items, "case_no"), Numbers{});
  auto clerk = principal(Role::unit_clerk);
  clerk.unit = "U1";
  EXPECT_EQ(members(reads->tasks(clerk, "", 200).items, "case_no").size(), 2u);
  EXPECT_TRUE(reads->unreceived_of(clerk).empty()) << "a desk that looks on is not the squad's device";
  // What lies with the unit itself is the desk's, and nobody else's (RULINGS 14).
  Life life(30);
  life.dispatched("S1");
  auto save_one = life.save();
  auto assist = save_one.tasks.front();
  assist.task.task_id += "-U1";
  assist.task.kind = core::TaskKind::assist;
  assist.task.squad.clear();
  save_one.tasks.push_back(assist);
  save({save_one});
  for (auto const role : {Role::unit_clerk, Role::unit_head}) {
    auto desk = principal(role);
    desk.unit = "U1";
    auto const got = reads->unreceived_of(desk);
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(got[0].task_id, assist.task.task_id);
    EXPECT_EQ(got[0].desk, "U1");
    desk.unit = "U2";
    EXPECT_TRUE(reads->unreceived_of(desk).empty());
  }
  std::size_t of_desk = 0;
  for (auto const& push : reads->pending_pushes(100)) {
    of_desk += push.desk == "U1";
    EXPECT_EQ(push.desk.empty(), push.task_id != assist.task.task_id);
  }
  EXPECT_EQ(of_desk, 1u);
}

TEST_F(ReadModel, EscalationsAreToldToTheRoleInItsScopeUntilTakenUp) {
  Life life(1), other(2);
  life.dispatched("S1"), life.save();
  auto b = batch(epoch, {});
  Life fresh(40);
  fresh.dispatched("S1");
  auto armed = fresh.save();
  armed.alarms.push_back({core::AlarmClock::disposal, at(61), at(49)});
  save({armed});
  for (std::int64_t step = 0; step < 2; ++step) {
    storage::TimerFired f{.timer = {number(40), core::AlarmClock::disposal, at(61), step}, .next = at(61 + step), .step_id = step == 0 ? "warn" : "breach",
                          .told = {step == 0 ? Role::squad_leader : Role::unit_head}, .unit = "U1", .row = {}};
    f.row.version = 4;
    f.row.action = "escalated";
    f.row.actor = "system";
    f.row.from = f.row.to = State::pending_dispose;
    f.row.at = at(49);
    f.row.transport = true;
    b.fired = {f};
    store->save(b, at(50 + step));
  }
  auto head = principal(Role::unit_head), squad = principal(Role::squad_leader);
  head.unit = squad.unit = "U1";
  squad.squad = "S1";
  auto const list = [&](core::Principal const& who, bool all) { return members(reads->escalations(who, all, "", 50).items, "step"); };
  EXPECT_EQ(list(head, false), Numbers{"breach"});
  EXPECT_EQ(list(squad, false), Numbers{"warn"});
  head.unit = "U2";
  EXPECT_EQ(list(head, false), Numbers{});
  head.unit = "U1";
  EXPECT_EQ(list(principal(Role::shift_leader), true), Numbers{}) << "it has not climbed to the shift";
  fresh.step("acknowledge", State::pending_dispose, at(55));
  auto taken = fresh.save();
  taken.acknowledged_by = "head";
  save({taken});
  EXPECT_EQ(list(head, false), Numbers{});
  EXPECT_EQ(list(head, true), Numbers{"breach"});
  EXPECT_EQ(members(reads->escalations(head, true, "", 50).items, "acknowledged_by"), Numbers{"head"});
  EXPECT_THROW(reads->escalations(head, true, "nonsense", 50), storage::BadFilter);
}

TEST_F(ReadModel, PushesArePendingUntilReceivedAndNoticesAreNew) {
  auto const now = std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
  auto const ids = [&] {
    std::set<std::string> all;
    for (auto const& push : reads->pending_pushes(100)) all.insert(push.task_id + (push.withdrawn ? " withdrawn" : "") + " " + push.squad + " " + push.district);
    return all;
  };
  Life first(1), second(2);
  first.dispatched("S1").save();
  second.dispatched("S2").save();
  EXPECT_EQ(ids(), (std::set<std::string>{first.task_id() + " S1 370871", second.task_id() + " S2 370871"}));
  auto b = batch(epoch, {});
  b.transport = {received(first, 1)};
  store->save(b, now);
  EXPECT_EQ(ids(), (std::set<std::string>{second.task_id() + " S2 370871"}));
  second.step("recall", State::pending_dispatch, at(3)).end_task(true);
  save({second.save()}, now);
  EXPECT_EQ(ids(), (std::set<std::string>{second.task_id() + " withdrawn S2 370871"}));
  sql("UPDATE outbox SET recorded_at = recorded_at - interval '3 minutes' WHERE notice");
  EXPECT_TRUE(ids().empty());
}

TEST_F(ReadModel, TheNewestPushesComeFirst) {
  save({Life(60).dispatched().save()}, at(60));
  auto const pushes = reads->pending_pushes(1);
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].task_id, Life(60).dispatched().task_id());
  EXPECT_EQ(members(pushes[0].json, "task_id"), Numbers{pushes[0].task_id});
}

TEST_F(ReadModel, AnEscalatedTaskIsAnAlarmInItsCaseTheListAndTheCountsUntilItIsReceived) {
  Life life(1);
  life.dispatched("S1").save();
  auto const transport = [&](bool escalate) {
    auto b = batch(epoch, {});
    b.transport = {received(life, 1, escalate)};
    store->save(b, at(6));
  };
  auto const leader = principal(Role::shift_leader);
  auto const listed = [&] {
    CaseFilter f;
    f.text = number(1);
    return members(reads->list_cases(leader, f).items, "escalated");
  };
  auto const delivery = [&] { return reads->find_case(leader, number(1))->deliveries.at(life.task_id()); };
  EXPECT_EQ(listed(), Numbers{"false"});
  EXPECT_FALSE(delivery().escalated);
  EXPECT_EQ(members(reads->case_counts(leader), "task_id"), Numbers{});

  transport(true);
  EXPECT_EQ(listed(), Numbers{"true"});
  EXPECT_TRUE(delivery().escalated);
  EXPECT_FALSE(delivery().received);
  auto const counts = reads->case_counts(leader);
  EXPECT_EQ(members(counts, "escalated_count"), Numbers{"1"});
  EXPECT_EQ(members(counts, "task_id"), Numbers{life.task_id()});
  EXPECT_EQ(members(counts, "squad"), Numbers{"S1"});
  auto other = principal(Role::squad_leader);
  other.unit = "U1";
  other.squad = "S2";
  EXPECT_EQ(members(reads->case_counts(other), "task_id"), Numbers{}) << "an alarm keeps to its scope";

  transport(false);
  EXPECT_EQ(listed(), Numbers{"false"});
  EXPECT_TRUE(delivery().received);
  EXPECT_EQ(members(reads->case_counts(leader), "escalated_count"), Numbers{"0"});
}

}  // namespace
}  // namespace wangge::tests
