// Whole lives: what people read as stories, with the tasks that appear and vanish on the way.
#include <gtest/gtest.h>

#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono_literals;

std::string road(World const& w) {
  std::string out;
  for (auto const& row : w.rows) out += (out.empty() ? "" : " ") + row.action + "@" + row.actor;
  return out;
}

TEST(Life, AnAutomaticDistrictNeedsASquadAPatrollerAndAnOfficer) {
  World w;
  w.report();
  EXPECT_EQ(road(w), "report@p1 accept@system file@system dispatch@system");
  EXPECT_EQ(w.c.state, State::pending_dispose);
  EXPECT_EQ(w.c.version, 4);
  EXPECT_EQ(w.open_task(TaskKind::dispose)->task_id, w.c.case_no + "-4");
  w.pass(30min);
  w.do_(Role::squad_leader, "sign");
  w.pass(30min);
  w.do_(Role::disposer, "dispose", full_input("dispose"));
  EXPECT_EQ(w.c.state, State::checking);  // confirmed and sent to check by policy, at the same instant
  EXPECT_EQ(w.rows.back().at, w.now);
  EXPECT_EQ(w.c.handed_over_at, w.now);
  EXPECT_EQ(w.open_task(TaskKind::dispose), nullptr);
  EXPECT_EQ(w.open_task(TaskKind::check)->holder, "p1");
  EXPECT_EQ(w.open_task(TaskKind::check)->due_at, w.now + 30min);
  w.do_(Role::patroller, "check", full_input("check"));
  w.do_(Role::acceptor, "close", full_input("close"));
  EXPECT_EQ(w.c.state, State::closed);
  EXPECT_EQ(w.c.closed_at, w.now);
  EXPECT_EQ(w.c.closing_condition, "restored");
  EXPECT_TRUE(w.facts.open_tasks.empty());
  EXPECT_EQ(w.c.version, static_cast<std::int64_t>(w.rows.size()));
}

TEST(Life, WithNobodyOnDutyTheCaseWaitsForItsReview) {
  World w;
  w.report();
  w.do_(Role::squad_leader, "sign");
  w.city.duty.clear();
  w.do_(Role::disposer, "dispose", full_input("dispose"));
  EXPECT_EQ(w.c.state, State::pending_review);
}

TEST(Life, AConfirmationByHandSendsTheCheckByPolicy) {
  World w;
  w.city.policy.auto_confirm = false;
  w.report();
  w.do_(Role::squad_leader, "sign");
  w.do_(Role::disposer, "dispose", full_input("dispose"));
  EXPECT_EQ(w.c.state, State::disposed);
  w.do_(Role::unit_head, "confirm");
  EXPECT_EQ(w.c.state, State::checking);
}

TEST(Life, AVerifyTaskIsAnsweredAndTheCaseIsBackToBeAccepted) {
  World w;
  w.walk_to(State::pending_accept);
  w.do_(Role::hotline_agent, "send_verify");
  auto const task = *w.open_task(TaskKind::verify);
  EXPECT_EQ(task.holder, "p1");
  EXPECT_EQ(task.due_at, w.now + 30min);
  auto in = full_input("verify");
  in.result = "not_exist";
  w.do_(Role::patroller, "verify", in);
  EXPECT_EQ(w.c.state, State::pending_accept);
  EXPECT_EQ(w.open_task(TaskKind::verify), nullptr);
  EXPECT_FALSE(w.last_tasks.front().withdrawn);  // done, not taken away
}

TEST(Life, ACheckThatCannotBeMadeGoesBackToReview) {
  World w;
  w.walk_to(State::checking);
  auto in = full_input("check");
  in.result = "unable";
  auto const handed_over = w.c.handed_over_at;
  w.do_(Role::patroller, "check", in);
  EXPECT_EQ(w.c.state, State::pending_review);
  EXPECT_EQ(w.c.handed_over_at, handed_over);
  EXPECT_EQ(w.c.rework, 0);
  w.do_(Role::shift_leader, "send_check");
  EXPECT_EQ(w.c.state, State::checking);
}

TEST(Life, ASecondCheckIsAnotherPersonsWherePossible) {
  World w;
  w.walk_to(State::pending_close);
  ASSERT_EQ(w.c.holder, "p1");
  w.do_(Role::acceptor, "recheck", full_input("recheck"));
  EXPECT_EQ(w.open_task(TaskKind::check)->holder, "p2");

  World alone;
  alone.walk_to(State::pending_close);
  alone.city.duty.pop_back();
  alone.do_(Role::acceptor, "recheck", full_input("recheck"));
  EXPECT_EQ(alone.open_task(TaskKind::check)->holder, "p1");
}

TEST(Life, ReassigningRaisesTheEpochAndTellsBothSquads) {
  World w;
  w.walk_to(State::disposing);
  auto const before = *w.open_task(TaskKind::dispose);
  ActionInput in;
  in.squad = "a2";
  in.holder = "zhang";
  w.do_(Role::unit_clerk, "reassign", in);
  ASSERT_EQ(w.last_tasks.size(), 1u);
  auto const& change = w.last_tasks.front();
  EXPECT_EQ(change.task.task_id, before.task_id);
  EXPECT_EQ(change.task.epoch, before.epoch + 1);
  EXPECT_EQ(change.task.squad, "a2");
  EXPECT_EQ(change.task.holder, "zhang");
  EXPECT_EQ(change.previous_squad, "a1");
  EXPECT_TRUE(change.given);
  EXPECT_TRUE(change.task.open);
  EXPECT_EQ(outcome(w.act(person(Role::disposer), "dispose", full_input("dispose"))),
            "out_of_scope");  // a1 has lost it
  w.do_(person_of(Role::disposer, "city_a", "a2"), "dispose", full_input("dispose"));
}

TEST(Life, AForcedEndTakesEveryTaskBack) {
  for (auto const state : {State::disposing, State::checking}) {
    World w;
    w.walk_to(state);
    w.do_(Role::leader, "force_close", full_input("force_close"));
    w.do_(Role::shift_leader, "approve_request");
    EXPECT_EQ(w.c.state, State::forced_closed);
    ASSERT_EQ(w.last_tasks.size(), 1u);
    EXPECT_TRUE(w.last_tasks.front().withdrawn);
    EXPECT_TRUE(w.facts.open_tasks.empty());
  }
}

TEST(Life, AVoidedCaseHasEndedAndNoRequestWaits) {
  World w;
  w.walk_to(State::pending_dispose);
  w.do_(Role::acceptor, "request_void", full_input("request_void"));
  w.do_(Role::squad_leader, "sign");  // life goes on while the request waits
  w.do_(Role::shift_leader, "approve_void");
  EXPECT_EQ(w.c.state, State::voided);
  EXPECT_EQ(w.c.closed_at, w.now);
  EXPECT_TRUE(w.c.requests.empty());
  EXPECT_TRUE(w.facts.open_tasks.empty());
}

TEST(Life, ANoteRaisesTheVersionAndChangesNothingElse) {
  World w;
  w.walk_to(State::disposing);
  auto const before = w.c;
  w.do_(Role::dispatch_officer, "note", full_input("note"));
  EXPECT_EQ(w.c.version, before.version + 1);
  EXPECT_EQ(w.rows.back().opinion, "已电话联系");
  EXPECT_EQ(w.rows.back().changes.size(), 1u);  // last_at
}

TEST(Life, RejectedDisposalAndHandingBackKeepTheTask) {
  World w;
  w.walk_to(State::disposed);
  auto const task = w.open_task(TaskKind::dispose)->task_id;
  w.do_(Role::unit_head, "reject_disposal", full_input("reject_disposal"));
  EXPECT_EQ(w.c.state, State::disposing);
  EXPECT_EQ(w.c.disposed_at, std::nullopt);
  w.do_(Role::disposer, "hand_back", full_input("hand_back"));
  EXPECT_EQ(w.c.state, State::pending_dispose);
  EXPECT_EQ(w.c.signed_at, std::nullopt);
  EXPECT_EQ(w.open_task(TaskKind::dispose)->task_id, task);
}

TEST(Life, TasksOfABackdatedCaseAreQuiet) {
  World w;
  auto r = a_report();
  r.at = w.now - 24h * 40;
  r.received_at = w.now;
  w.report(r);
  EXPECT_TRUE(w.c.backdated);
  EXPECT_EQ(w.c.opened_at, *r.at);
  EXPECT_TRUE(w.open_task(TaskKind::dispose)->quiet);
}

TEST(Life, ReplayRefusesWhatTheTableDoesNotKnow) {
  World w;
  w.walk_to(State::closed);
  EXPECT_TRUE(same(replay(w.c.district, w.c.case_no, w.rows), w.c));
  auto broken = [&](auto&& spoil) {
    auto rows = w.rows;
    spoil(rows);
    EXPECT_THROW(replay(w.c.district, w.c.case_no, rows), std::invalid_argument);
  };
  broken([](auto& rows) { rows[2].version = 9; });
  broken([](auto& rows) { rows.erase(rows.begin() + 1); });
  broken([](auto& rows) { rows[1].action = "close"; });
  broken([](auto& rows) { rows[1].to = State::closed; });
  broken([](auto& rows) { rows[1].changes.emplace_back("mood", "1"); });
  broken([](auto& rows) { rows.back().changes.clear(); });
  broken([](auto& rows) { std::swap(rows[1], rows[2]); });
}

TEST(Life, TransportRowsDoNotDisturbAReplay) {
  World w;
  w.walk_to(State::pending_dispose);
  auto rows = w.rows;
  HistoryRow received;
  received.action = "received";
  received.version = w.c.version;
  received.transport = true;
  received.at = w.now;
  rows.push_back(received);
  EXPECT_TRUE(same(replay(w.c.district, w.c.case_no, rows), w.c));
  rows.back().version += 1;
  EXPECT_THROW(replay(w.c.district, w.c.case_no, rows), std::invalid_argument);
}

}  // namespace
}  // namespace wangge::core::test
