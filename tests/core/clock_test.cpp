// The disposal clock through a case's life: what starts it, stops it, resumes it, and who is late (RULINGS 1 and 2).
#include <gtest/gtest.h>

#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

Millis left_now(World const& w) {
  return left_at(w.city.calendar_of(w.c.unit), *clock_from(w.c.clock), w.now, *w.c.due_at);
}

// A case of 4 work hours, dispatched Monday 2025-09-22 at 09:00.
World dispatched() {
  World w;
  w.city.policy = by_hand();
  w.report();
  w.do_(Role::acceptor, "accept");
  w.do_(Role::shift_leader, "file");
  w.do_(Role::dispatch_officer, "dispatch");
  return w;
}

void hand_over(World& w) {
  w.do_(Role::squad_leader, "sign");
  w.do_(Role::disposer, "dispose", full_input("dispose"));
  w.do_(Role::unit_clerk, "confirm");
}

void check(World& w, std::string result) {
  auto in = full_input("check");
  in.result = std::move(result);
  w.do_(Role::patroller, "check", in);
}

TEST(Clock, StartsAtDispatchAndSigningDoesNotTouchIt) {
  auto w = dispatched();
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2025, 9, 22, 15, 0)));
  auto const due = w.c.due_at;
  w.pass(30min);
  w.do_(Role::squad_leader, "sign");
  EXPECT_EQ(w.c.due_at, due);
  EXPECT_EQ(w.c.left_ms, std::nullopt);
}

TEST(Clock, HandOverStopsItAndFixesLateness) {
  auto in_time = dispatched();
  in_time.now = *in_time.c.due_at;  // the last moment is in time
  hand_over(in_time);
  EXPECT_FALSE(in_time.c.late);
  EXPECT_EQ(in_time.c.left_ms, 0);
  EXPECT_EQ(in_time.c.handed_over_at, in_time.c.due_at);

  auto late = dispatched();
  late.now = *late.c.due_at + 1ms;
  hand_over(late);
  EXPECT_TRUE(late.c.late);
  EXPECT_EQ(late.c.left_ms, -1);
}

TEST(Clock, ASlowClerkOrCheckerMakesNobodyLate) {
  auto w = dispatched();
  hand_over(w);
  w.pass(minutes{60 * 24 * 9});
  w.do_(Role::acceptor, "send_check");
  w.pass(minutes{60 * 24 * 9});
  check(w, "pass");
  w.do_(Role::acceptor, "close", full_input("close"));
  EXPECT_FALSE(w.c.late);
  EXPECT_EQ(w.c.state, State::closed);
}

TEST(Clock, TheDoorsReceiptDecidesWhenTheDispatcherComesLater) {
  auto w = dispatched();
  w.do_(Role::squad_leader, "sign");
  w.do_(Role::disposer, "dispose", full_input("dispose"));
  auto command = w.command(person(Role::unit_clerk), "confirm");
  command.received_at = *w.c.due_at;
  auto const hours_later = decide(w.facts, command, *w.c.due_at + 5h);
  EXPECT_FALSE(std::get<Accepted>(hours_later).after.late);
}

TEST(Clock, TimeNeverRunsBackwardsButLatenessIsStillJudgedAtTheReceipt) {
  auto w = dispatched();
  w.do_(Role::squad_leader, "sign");
  w.now = *w.c.due_at + 1s;
  w.do_(Role::disposer, "dispose", full_input("dispose"));
  auto command = w.command(person(Role::unit_clerk), "confirm");
  command.received_at = *w.c.due_at;  // another door's clock: one second behind
  auto const d = decide(w.facts, command, w.now);
  auto const& done = std::get<Accepted>(d);
  EXPECT_EQ(done.rows.front().at, w.c.last_at);
  EXPECT_EQ(done.after.last_at, w.c.last_at);
  EXPECT_FALSE(done.after.late);
  EXPECT_GE(done.spans.back().open->due_at, done.spans.back().open->from_at);  // the span says the same
}

TEST(Clock, AFailedCheckVoidsTheHandOverAndResumesWithWhatWasLeft) {
  auto w = dispatched();
  w.now = local(2025, 9, 22, 10, 0);  // 3 h left
  hand_over(w);
  EXPECT_EQ(w.c.left_ms, (180min).count() * 60'000);
  w.now = local(2025, 9, 23, 17, 0);
  w.do_(Role::acceptor, "send_check");
  check(w, "fail");
  EXPECT_EQ(w.c.state, State::pending_dispose);
  EXPECT_EQ(w.c.handed_over_at, std::nullopt);
  EXPECT_EQ(w.c.rework, 1);
  EXPECT_EQ(w.c.unit, "city_a");
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2025, 9, 24, 10, 0)));
  ASSERT_NE(w.open_task(TaskKind::dispose), nullptr);
  EXPECT_EQ(w.open_task(TaskKind::dispose)->due_at, w.c.due_at);
  EXPECT_EQ(w.open_task(TaskKind::dispose)->squad, "a1");
  hand_over(w);
  EXPECT_FALSE(w.c.late);
}

TEST(Clock, WhatWasLateAtTheHandOverIsLateAfterAFailedCheck) {
  auto w = dispatched();
  w.now = local(2025, 9, 22, 16, 0);  // one hour late
  hand_over(w);
  ASSERT_TRUE(w.c.late);
  w.now = local(2025, 9, 25, 9, 30);
  w.do_(Role::acceptor, "send_check");
  check(w, "fail");
  EXPECT_FALSE(w.c.late);  // not handed over
  EXPECT_EQ(light(w.c, w.now), "red");
  EXPECT_EQ(left_now(w), -60min);
  hand_over(w);
  EXPECT_TRUE(w.c.late);
}

TEST(Clock, LateInTheEveningIsLateThoughNoWorkingTimeHasPassed) {
  auto evening = dispatched();
  evening.c.due_at = evening.facts.present->due_at = local(2025, 9, 22, 18, 0);
  evening.now = local(2025, 9, 22, 20, 0);
  hand_over(evening);
  EXPECT_TRUE(evening.c.late);
  evening.now = local(2025, 9, 24, 9, 0);
  evening.do_(Role::acceptor, "send_check");
  check(evening, "fail");
  EXPECT_EQ(light(evening.c, evening.now), "red");
}

TEST(Clock, AFailedCheckOpensNoNewReturnWindow) {
  auto w = dispatched();
  hand_over(w);
  w.do_(Role::acceptor, "send_check");
  check(w, "fail");
  EXPECT_EQ(outcome(w.act(person(Role::unit_clerk), "return", full_input("return"))), "return_window_over");
}

TEST(Clock, RunsWhileAReturnWaitsAndStopsFromTheInstantOfAsking) {
  auto w = dispatched();
  w.now = local(2025, 9, 22, 10, 0);
  w.do_(Role::unit_clerk, "return", full_input("return"));
  auto const due = *w.c.due_at;
  w.now = local(2025, 9, 22, 14, 30);
  EXPECT_EQ(w.c.due_at, due);
  EXPECT_EQ(left_now(w), 30min);
  w.do_(Role::shift_leader, "approve_return");
  EXPECT_EQ(w.c.left_ms, (180min).count() * 60'000);
  EXPECT_EQ(w.c.returns, 1);
  EXPECT_EQ(w.open_task(TaskKind::dispose), nullptr);
  EXPECT_TRUE(w.last_tasks.front().withdrawn);
}

TEST(Clock, ARefusedReturnGivesNothingBack) {
  auto w = dispatched();
  auto const due = w.c.due_at;
  w.do_(Role::unit_clerk, "return", full_input("return"));
  w.pass(2h);
  w.do_(Role::shift_leader, "refuse_return");
  EXPECT_EQ(w.c.state, State::pending_dispose);
  EXPECT_EQ(w.c.due_at, due);
  EXPECT_EQ(w.c.returns, 0);
  EXPECT_TRUE(w.c.requests.empty());
  ASSERT_NE(w.open_task(TaskKind::dispose), nullptr);
}

World returned() {
  auto w = dispatched();
  w.now = local(2025, 9, 22, 10, 0);
  w.do_(Role::unit_clerk, "return", full_input("return"));
  w.do_(Role::shift_leader, "approve_return");
  w.now = local(2025, 9, 23, 8, 0);
  return w;
}

TEST(Clock, TheSameUnitGoesOnWithWhatWasLeft) {
  auto w = returned();
  ActionInput in;
  in.squad = "a2";
  w.do_(Role::dispatch_officer, "dispatch", in);
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2025, 9, 23, 11, 0)));
  EXPECT_FALSE(w.c.wrong_dispatch);
}

TEST(Clock, AnotherUnitBeginsAfreshAndTheFirstDispatchWasWrong) {
  auto w = returned();
  ActionInput in;
  in.unit = "city_b";
  w.do_(Role::dispatch_officer, "dispatch", in);
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2025, 9, 23, 12, 0)));
  EXPECT_TRUE(w.c.wrong_dispatch);
  EXPECT_FALSE(w.c.return_approved);
}

TEST(Clock, RecallStopsItAndIsNoReturn) {
  auto w = dispatched();
  w.now = local(2025, 9, 22, 11, 0);
  w.do_(Role::dispatch_officer, "recall");
  EXPECT_EQ(w.c.left_ms, (120min).count() * 60'000);
  EXPECT_EQ(w.c.returns, 0);
  w.now = local(2025, 9, 23, 9, 0);
  ActionInput in;
  in.unit = "city_b";
  w.do_(Role::dispatch_officer, "dispatch", in);
  EXPECT_FALSE(w.c.wrong_dispatch);
  EXPECT_EQ(left_now(w), 240min);
}

TEST(Clock, StandsStillFromTheHandOverThroughReworkUntilDispatchedAgain) {
  auto w = dispatched();
  w.now = local(2025, 9, 22, 11, 0);
  hand_over(w);
  w.pass(minutes{60 * 24 * 3});
  w.do_(Role::dispatch_officer, "rework", full_input("rework"));
  EXPECT_EQ(w.c.state, State::pending_dispatch);
  EXPECT_EQ(w.c.handed_over_at, std::nullopt);
  EXPECT_EQ(w.c.rework, 1);
  EXPECT_EQ(w.c.left_ms, (120min).count() * 60'000);
  w.now = local(2025, 9, 29, 9, 0);
  w.do_(Role::dispatch_officer, "dispatch");
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2025, 9, 29, 11, 0)));
}

TEST(Clock, AnotherConditionAtTheSecondFilingGivesItsWholeLimit) {
  auto w = returned();
  w.do_(Role::dispatch_officer, "return_filing", full_input("return_filing"));
  auto const filed = w.c.filed_at;
  ActionInput in;
  in.condition = "2";
  w.do_(Role::shift_leader, "file", in);
  w.do_(Role::dispatch_officer, "dispatch");
  EXPECT_EQ(*w.c.due_at, w.now + 120min);
  EXPECT_EQ(w.c.filed_at, filed);  // filed once, in the month it was filed
}

TEST(Clock, TheFirstDispatchIsTheMilestone) {
  auto w = returned();
  auto const first = w.c.dispatched_at;
  w.do_(Role::dispatch_officer, "dispatch");
  EXPECT_EQ(w.c.dispatched_at, first);
}

TEST(Clock, ReassigningLetsItRunOn) {
  auto w = dispatched();
  auto const due = w.c.due_at;
  ActionInput in;
  in.squad = "a2";
  w.pass(10min);
  w.do_(Role::unit_clerk, "reassign", in);
  EXPECT_EQ(w.c.due_at, due);
  EXPECT_EQ(w.c.squad, "a2");
}

TEST(Clock, TheExplanationSaysHowTheDeadlineCameAbout) {
  auto w = dispatched();
  EXPECT_EQ(w.c.explain,
            R"({"routing":[{"level":"component_maintainer","result":"no_component"},)"
            R"({"level":"condition_in_grid","result":"hit","rule":"r-grid","unit":"city_a","squad":"a1","how":"named"}],)"
            R"("deadline":{"limit":240,"clock":"work_hour","calendar":"center","from":"2025-09-22T01:00:00.000Z",)"
            R"("left_ms":14400000,"due":"2025-09-22T07:00:00.000Z","provisional":false}})");
}

TEST(Clock, ACaseBeyondTheCalendarIsFiledAndMarkedProvisional) {
  World w;
  w.now = local(2026, 12, 31, 17, 0);
  w.report();
  EXPECT_EQ(w.c.state, State::pending_dispose);
  EXPECT_TRUE(w.c.provisional);
}

}  // namespace
}  // namespace wangge::core::test
