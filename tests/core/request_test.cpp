// Requests and what they grant: extension, deferral, suspension, transfer, appeal (RULINGS 2, 4; DOMAIN rows 24-28, 35);
// hazards, urgency, enforcement, assisting units, merging and linked cases (RULINGS 4, 8, 12, 14, 16).
#include <gtest/gtest.h>

#include <map>

#include "dispatcher/core/figures.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono_literals;

// Dispatched on Monday 2025-09-22 at 09:00 under 4 work hours: due the same day at 15:00.
World dispatched(std::string condition = "") {
  World w;
  w.city.policy = by_hand();
  auto r = a_report();
  r.condition = std::move(condition);
  w.report(r);
  w.do_(Role::acceptor, "accept");
  w.do_(Role::shift_leader, "file");
  w.do_(Role::dispatch_officer, "dispatch");
  return w;
}

void approve(World& w, Role role) { w.do_(role, "approve_request"); }

TEST(Requests, TextAndBack) {
  Request plain{"r3", RequestKind::extend, "clerk", local(2025, 9, 22, 10, 0), std::nullopt, "雨天\n第二行"};
  Request until{"r4", RequestKind::suspend, "头", local(2025, 9, 22, 11, 0), local(2026, 1, 1), ""};
  EXPECT_EQ(requests_from(requests_text({plain, until})), (std::vector{plain, until}));
  EXPECT_TRUE(requests_from("").empty());
  auto sneaky = plain;
  sneaky.reason = "a\x1e" "b\x1f" "c";
  EXPECT_EQ(requests_from(requests_text({sneaky})).front().reason, "abc");
  EXPECT_THROW(requests_from("r1\x1fwish\x1f\x1f""0\x1f\x1f"), std::invalid_argument);
}

TEST(Extend, MovesTheDeadlineByOneOriginalLimitFromTheOldOne) {
  auto w = dispatched();
  w.now = local(2025, 9, 22, 11, 0);
  w.do_(Role::unit_clerk, "extend", full_input("extend"));
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2025, 9, 22, 15, 0))) << "the clock runs while it waits";
  w.now = local(2025, 9, 22, 16, 0);  // approved after the old deadline, asked before it
  approve(w, Role::dispatch_officer);
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2025, 9, 23, 9, 0)));
  EXPECT_EQ(w.c.extensions, 1);
  ASSERT_EQ(w.spans.size(), 2u);
  EXPECT_EQ(w.spans[0].effect_at, local(2025, 9, 22, 11, 0)) << "who reads the past later knows from when it counted";
  EXPECT_EQ(w.spans[0].effect_due_at, w.c.due_at);
  EXPECT_EQ(w.open_task(TaskKind::dispose)->due_at, w.c.due_at);
}

TEST(Extend, TwiceAtMostAndNeverWhenLate) {
  auto w = dispatched();
  for (int i = 0; i < 2; ++i) {
    w.do_(Role::unit_clerk, "extend", full_input("extend"));
    EXPECT_EQ(outcome(w.act(person(Role::unit_head), "extend", full_input("extend"))), "request_open");
    approve(w, Role::shift_leader);
  }
  EXPECT_EQ(outcome(w.act(person(Role::unit_clerk), "extend", full_input("extend"))), "extensions_used");
  auto late = dispatched();
  late.now = local(2025, 9, 22, 15, 1);
  EXPECT_EQ(outcome(late.act(person(Role::unit_clerk), "extend", full_input("extend"))), "already_late");
}

TEST(Extend, RefusalsAreNotCountedAndGiveNothingBack) {
  auto w = dispatched();
  auto const due = w.c.due_at;
  for (int i = 0; i < 3; ++i) {
    w.do_(Role::unit_clerk, "extend", full_input("extend"));
    w.do_(Role::shift_leader, "refuse_request");
  }
  EXPECT_EQ(w.c.due_at, due);
  EXPECT_EQ(w.c.extensions, 0);
  w.do_(Role::unit_clerk, "extend", full_input("extend"));
}

TEST(Extend, ARequestHasNoObjectOnceTheCaseIsHandedOver) {
  auto w = dispatched();
  w.do_(Role::unit_clerk, "extend", full_input("extend"));
  w.do_(Role::squad_leader, "sign");
  w.do_(Role::disposer, "dispose", full_input("dispose"));
  EXPECT_TRUE(w.c.requests.empty());
  EXPECT_EQ(outcome(w.act(person(Role::shift_leader), "approve_request")), "no_request");
}

TEST(Pause, APauseOverAWeekendThenResumeGivesNoExtraDay) {
  auto w = dispatched();
  w.now = local(2025, 9, 22, 11, 0);  // 2 of 4 work hours used
  w.do_(Role::unit_clerk, "defer", full_input("defer"));
  w.now = local(2025, 9, 22, 17, 0);
  approve(w, Role::dispatch_officer);
  EXPECT_EQ(w.c.state, State::suspended);
  EXPECT_EQ(w.c.left_ms, Millis{2h}.count()) << "from the instant of asking";
  EXPECT_EQ(w.c.pause_kind, "defer");
  EXPECT_EQ(light(w.c, local(2026, 3, 1)), "green");
  w.now = local(2025, 9, 29, 9, 0);  // over a weekend
  w.do_(Role::dispatch_officer, "resume");
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2025, 9, 29, 11, 0)));
  ASSERT_NE(w.open_task(TaskKind::dispose), nullptr);
}

// RULINGS 4: 挂账 once, 缓办 with every season; a deferral is no suspension.
TEST(Pause, ADeferralUsesUpNoSuspension) {
  auto w = dispatched();
  for (int season = 0; season < 2; ++season) {
    w.do_(Role::unit_clerk, "defer", full_input("defer"));
    approve(w, Role::dispatch_officer);
    w.do_(Role::dispatch_officer, "resume");
  }
  EXPECT_EQ(w.c.suspensions, 0);
  w.do_(Role::unit_head, "suspend", full_input("suspend"));
  approve(w, Role::coordinator);
  EXPECT_EQ(w.c.suspensions, 1);
}

// RULINGS 2: from the asking on, and only until the day it asked for, however late it is granted.
TEST(Pause, GrantedBehindItsLastDayGivesThatTimeAndNoMore) {
  auto w = dispatched();
  w.now = local(2025, 9, 22, 10, 0);  // 1 of 4 work hours used
  auto in = full_input("defer");
  in.until = local(2025, 9, 23, 9, 0);
  w.do_(Role::unit_clerk, "defer", in);
  auto prompt = w;
  w.now = local(2025, 9, 23, 11, 0);  // two work hours behind it
  approve(w, Role::dispatch_officer);
  EXPECT_EQ(w.c.left_ms, Millis{1h}.count());
  w.do_(person(Role::system), "resume");
  prompt.now = local(2025, 9, 22, 10, 30);
  approve(prompt, Role::dispatch_officer);
  prompt.now = *in.until;
  prompt.do_(person(Role::system), "resume");
  EXPECT_EQ(local_text(*w.c.due_at), local_text(*prompt.c.due_at)) << "granted at once or late: the same deadline";
}

// RULINGS 2: a return is asked for inside a window; a pause is no new dispatch.
TEST(Pause, ItsEndOpensNoNewReturnWindow) {
  auto w = dispatched();
  w.do_(Role::unit_clerk, "defer", full_input("defer"));
  approve(w, Role::dispatch_officer);
  w.pass(std::chrono::hours{24 * 14});
  w.do_(Role::dispatch_officer, "resume");
  EXPECT_EQ(outcome(w.act(person(Role::unit_clerk), "return", full_input("return"))), "return_window_over");
  w.do_(Role::dispatch_officer, "recall");
  w.do_(Role::dispatch_officer, "dispatch");
  w.do_(Role::unit_clerk, "return", full_input("return"));
}

// RULINGS 4: whether it is a hazard is asked again when time is given.
TEST(Hazard, WhatBecameUrgentWhileARequestWaitedIsNotPutOff) {
  for (auto const* action : {"extend", "defer", "suspend"}) {
    auto w = dispatched();
    w.do_(Role::unit_head, action, full_input(action));
    w.do_(Role::acceptor, "set_urgent", full_input("set_urgent"));
    EXPECT_EQ(outcome(w.act(person(Role::shift_leader), "approve_request")), "hazard_not_safe") << action;
    w.do_(Role::shift_leader, "refuse_request");
  }
}

// DOMAIN 3.3 row 12: the same unit again goes on with what it had, also when another had the case between.
TEST(Return, ARoundOverAnotherUnitGivesTheFirstNoNewLimit) {
  auto w = dispatched();  // city_a, 4 work hours
  w.now = local(2025, 9, 22, 17, 0);
  ASSERT_GT(w.now, *w.c.due_at);
  auto const due = *w.c.due_at;
  w.do_(Role::dispatch_officer, "recall");
  ActionInput other;
  other.squad = "b1";
  w.do_(Role::dispatch_officer, "dispatch", other);
  EXPECT_GT(*w.c.due_at, w.now) << "another unit begins afresh";
  w.do_(Role::dispatch_officer, "recall");
  other.squad = "a1";
  w.do_(Role::dispatch_officer, "dispatch", other);
  EXPECT_LE(*w.c.due_at, w.now) << "late before, late again";
  EXPECT_EQ(w.spans.back().due_at, *w.c.due_at);
  EXPECT_LE(due, *w.c.due_at);
}

// RULINGS 2: whom the coordination desk named, an officer does not send past.
TEST(Return, WhomTheDeskNamedOnlyTheDeskReplaces) {
  auto w = dispatched();
  w.c.binding = true, w.facts.present = w.c;
  w.do_(Role::dispatch_officer, "recall");
  ActionInput other;
  other.squad = "b1";
  EXPECT_EQ(outcome(w.act(person(Role::dispatch_officer), "dispatch", other)), "unit_is_binding");
  auto again = w;
  other.squad = "a2";
  again.do_(Role::dispatch_officer, "dispatch", other);  // another squad of it
  other.squad = "b1";
  w.do_(Role::coordinator, "dispatch", other);
}

// Asking is no deciding: what else waits goes on waiting while a return is only asked for.
TEST(Return, AskingLeavesOtherRequestsWaiting) {
  auto w = dispatched();
  w.do_(Role::unit_clerk, "extend", full_input("extend"));
  w.do_(Role::unit_clerk, "return", full_input("return"));
  EXPECT_EQ(w.c.requests.size(), 2u);
  auto granted = w;
  w.do_(Role::shift_leader, "refuse_return", full_input("refuse_return"));
  ASSERT_EQ(w.c.requests.size(), 1u);
  approve(w, Role::dispatch_officer);
  EXPECT_EQ(w.c.extensions, 1);
  granted.do_(Role::shift_leader, "approve_return", full_input("approve_return"));
  EXPECT_TRUE(granted.c.requests.empty()) << "it has no object any more";
}

TEST(Pause, LastsUntilADayInsideTheYearAndHangsOnlyOnce) {
  auto w = dispatched();
  auto in = full_input("suspend");
  for (auto const& day : {w.now, w.now - 1h, w.now + std::chrono::days{367}}) {
    in.until = day;
    EXPECT_EQ(outcome(w.act(person(Role::unit_head), "suspend", in)), "until_out_of_range");
  }
  in.until = w.now + std::chrono::days{366};
  w.do_(Role::unit_head, "suspend", in);
  EXPECT_EQ(outcome(w.act(person(Role::dispatch_officer), "approve_request")), "not_yours") << "挂账 is not the officer's";
  approve(w, Role::coordinator);
  w.do_(Role::coordinator, "resume");
  EXPECT_EQ(outcome(w.act(person(Role::unit_head), "suspend", full_input("suspend"))), "suspended_before");
}

TEST(Hazard, IsMadeSafeAndCheckedBeforeAnythingIsPutOff) {
  auto w = dispatched("2");  // urgent, 2 hours
  for (auto const* action : {"extend", "defer", "suspend"})
    EXPECT_EQ(outcome(w.act(person(Role::unit_head), action, full_input(action))), "hazard_not_safe") << action;
  w.do_(Role::squad_leader, "make_safe", full_input("make_safe"));
  EXPECT_EQ(outcome(w.act(person(Role::unit_head), "extend", full_input("extend"))), "hazard_not_safe") << "not checked yet";
  ASSERT_NE(w.open_task(TaskKind::check), nullptr);
  auto in = full_input("check");
  in.result = "fail";
  w.do_(person(Role::patroller, w.open_task(TaskKind::check)->holder), "check", in);
  EXPECT_EQ(w.c.made_safe_at, std::nullopt) << "it has to be done again";
  EXPECT_EQ(w.c.rework, 0) << "no hand-over was judged";
  w.do_(Role::squad_leader, "make_safe", full_input("make_safe"));
  w.do_(person(Role::patroller, w.open_task(TaskKind::check)->holder), "check", full_input("check"));
  EXPECT_EQ(w.c.state, State::pending_dispose);
  w.do_(Role::unit_head, "extend", full_input("extend"));
}

// The demo years' only difference from their oracle: asked for on the month's last evening, before the deadline, and
// granted after midnight, it was not due in the month at whose end it lay open and late.
TEST(Requests, WhatEndsACaseEndsItWhenItIsDecidedAndNotFromItsAsking) {
  struct End {
    Role asks;
    char const* action;
    Role decides;
    char const* approval;
    State to;
  };
  for (auto const& end :
       {End{Role::leader, "force_close", Role::shift_leader, "approve_request", State::forced_closed},
        End{Role::acceptor, "transfer_out", Role::coordinator, "approve_request", State::transferred_out},
        End{Role::acceptor, "request_void", Role::shift_leader, "approve_void", State::voided}}) {
    auto w = dispatched();
    w.now = local(2025, 9, 22, 14, 0);
    w.do_(person(end.asks), end.action, full_input(end.action));
    w.now = local(2025, 9, 22, 20, 0);
    auto in = full_input(end.approval);
    in.request_id = w.c.requests.front().request_id;
    w.do_(person_of(end.decides, "", "", "another"), end.approval, in);
    ASSERT_EQ(w.c.state, end.to);
    ASSERT_EQ(w.spans.size(), 1u);
    EXPECT_EQ(w.spans[0].until_at, local(2025, 9, 22, 20, 0));
    EXPECT_EQ(w.spans[0].effect_at, std::nullopt)
        << end.action << ": it was late from 15:00 on, whoever reads of it later";
    std::vector<Span> again;
    replay(w.c.district, w.c.case_no, w.rows, &again);
    EXPECT_EQ(again, w.spans) << end.action;
  }
}

TEST(Urgent, PriorityChangeKeepsPauseAndElapsedTime) {
  auto w = dispatched();
  w.now = local(2025, 9, 22, 11, 0);
  w.do_(Role::acceptor, "set_urgent", full_input("set_urgent"));
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2025, 9, 22, 13, 0))) << "two hours, through the noon pause";
  EXPECT_EQ(outcome(w.act(person(Role::acceptor), "set_urgent", full_input("set_urgent"))), "urgent_already");
  auto soon = dispatched();
  soon.now = local(2025, 9, 22, 14, 30);
  soon.do_(Role::acceptor, "set_urgent", full_input("set_urgent"));
  EXPECT_EQ(local_text(*soon.c.due_at), local_text(local(2025, 9, 22, 15, 0))) << "never later than it was";
  auto paused = dispatched();
  paused.now = local(2025, 9, 22, 11, 0);
  paused.do_(Role::unit_clerk, "defer", full_input("defer"));
  approve(paused, Role::dispatch_officer);
  paused.do_(Role::shift_leader, "set_urgent", full_input("set_urgent"));
  EXPECT_EQ(paused.c.left_ms, Millis{2h}.count());
  EXPECT_EQ(paused.c.state, State::suspended);
}

// DOMAIN row 31: from then on the urgent clock, wherever the case stands.
TEST(Urgent, BeforeTheDispatchAndBehindAHandOver) {
  World w;
  w.city.policy = by_hand();
  w.report();
  w.do_(Role::acceptor, "accept");
  w.do_(Role::shift_leader, "file");
  w.do_(Role::acceptor, "set_urgent", full_input("set_urgent"));
  w.do_(Role::dispatch_officer, "dispatch");
  EXPECT_EQ(w.c.clock, "urgent");
  EXPECT_EQ(*w.c.due_at - w.now, Millis{2h});
  auto waiting = dispatched();
  waiting.do_(Role::squad_leader, "sign");
  waiting.do_(Role::disposer, "dispose", full_input("dispose"));
  waiting.do_(Role::unit_clerk, "confirm");
  waiting.do_(Role::acceptor, "set_urgent", full_input("set_urgent"));
  EXPECT_FALSE(waiting.c.late);
  waiting.do_(Role::acceptor, "send_check");
  auto check = full_input("check");
  check.result = "fail";
  waiting.do_(person(Role::patroller, waiting.c.holder), "check", check);
  EXPECT_EQ(waiting.c.clock, "urgent");
  EXPECT_EQ(*waiting.c.due_at - waiting.now, Millis{2h}) << "of four hours nearly all were left";
}

TEST(Enforcement, GoesForwardOnlyByThoseWhoDoItAndIsNeverReworked) {
  auto w = dispatched();
  w.do_(Role::squad_leader, "sign");
  w.do_(Role::unit_head, "hand_to_enforcement", full_input("hand_to_enforcement"));
  auto note = full_input("note");
  note.milestone = "fulfilled";  // who puts it right at once needs no order
  EXPECT_EQ(outcome(w.act(person(Role::hotline_agent), "note", note)), "not_yours");
  w.do_(Role::unit_head, "note", note);
  note.milestone = "ordered";
  EXPECT_EQ(outcome(w.act(person(Role::unit_head), "note", note)), "milestone_passed");
  auto check = full_input("check");
  check.result = "unable", check.reason = "locked";
  w.do_(Role::acceptor, "send_check");
  w.do_(person(Role::patroller, w.c.holder), "check", check);
  ASSERT_EQ(w.c.state, State::pending_review);
  EXPECT_EQ(outcome(w.act(person(Role::dispatch_officer), "rework", full_input("rework"))), "wrong_state") << "nothing was handed over";
}

TEST(Enforcement, StaysOpenUntilACheckFindsThePlaceRestored) {
  auto w = dispatched();
  w.do_(Role::squad_leader, "sign");
  w.city.sealed_before = local(2025, 1, 1);
  w.do_(Role::unit_head, "hand_to_enforcement", full_input("hand_to_enforcement"));
  EXPECT_EQ(w.c.enforcement_no, "行罚2025-17");
  EXPECT_EQ(flag_value(w.c, "counted_to"), "2024-12");
  auto note = full_input("note");
  note.milestone = "ordered";
  w.do_(Role::unit_head, "note", note);
  EXPECT_EQ(w.c.enforcement_step, "ordered");
  auto check = full_input("check");
  check.result = "fail";
  w.do_(Role::acceptor, "send_check");
  w.do_(person(Role::patroller, w.c.holder), "check", check);
  EXPECT_EQ(w.c.state, State::in_enforcement);
  w.do_(Role::acceptor, "send_check");
  w.do_(person(Role::patroller, w.c.holder), "check", full_input("check"));
  w.do_(Role::acceptor, "close", full_input("close"));
  EXPECT_EQ(w.c.state, State::closed);
}

TEST(Assist, TheLeadWaitsForEveryAnswer) {
  auto w = dispatched();
  w.do_(Role::dispatch_officer, "recall");
  ActionInput in;
  in.assist = {"city_b", "city_b", "city_a"};  // the lead itself and a repetition count once or not at all
  w.do_(Role::dispatch_officer, "dispatch", in);
  auto const helper = person_of(Role::unit_clerk, "city_b", "", "helper");
  ASSERT_NE(w.open_task(TaskKind::assist), nullptr);
  EXPECT_EQ(w.open_task(TaskKind::assist)->due_at, w.c.due_at);
  w.do_(Role::squad_leader, "sign");
  w.do_(Role::disposer, "dispose", full_input("dispose"));
  EXPECT_EQ(outcome(w.act(person(Role::unit_clerk), "confirm")), "assists_open");
  EXPECT_EQ(outcome(w.act(helper, "confirm")), "not_yours");
  auto other = w;
  other.do_(helper, "assist_done", full_input("assist_done"));
  other.do_(Role::unit_clerk, "confirm");
  w.do_(Role::dispatch_officer, "waive_assist", full_input("waive_assist"));
  w.do_(Role::unit_clerk, "confirm");
}

TEST(Merge, MergeThenUnmergeIsTheIdentityForEveryField) {
  World w;
  w.walk_to(State::pending_accept);
  auto const before = w.c;
  auto const master = *w.facts.other;
  w.do_(Role::acceptor, "merge", full_input("merge"));
  EXPECT_EQ(w.c.merged_into, master.case_no);
  EXPECT_EQ(w.facts.other->duplicates, 1);
  w.do_(Role::acceptor, "unmerge", full_input("unmerge"));
  EXPECT_EQ(w.facts.other->duplicates, 0);
  auto after = w.c;
  after.version = before.version, after.last_at = before.last_at, after.stage_due_at = before.stage_due_at;
  EXPECT_TRUE(diff(before, after).empty()) << diff(before, after).front().first;
}

TEST(Merge, NeedsAnOpenMasterOfTheSameCategoryAndNoChildrenOfItsOwn) {
  World w;
  w.walk_to(State::pending_accept);
  auto const ask = [&] { return outcome(w.ask(w.command(person(Role::acceptor), "merge", full_input("merge")))); };
  w.facts.other->code = "02002";
  EXPECT_EQ(ask(), "other_category");
  w.facts.other->code = w.c.code;
  w.facts.other->state = State::closed;
  EXPECT_EQ(ask(), "master_not_open");
  w.facts.other->case_no = w.c.case_no;
  EXPECT_EQ(ask(), "no_master");
  w.facts.other.reset();
  EXPECT_EQ(ask(), "no_master");
}

// Austin #1611, #2012.
TEST(Merge, DuplicatesEndWithTheirMasterAndLaterOnesDoNotBecomeNewMasters) {
  World w;
  w.walk_to(State::pending_accept);
  w.facts.other->state = State::merged;
  EXPECT_EQ(outcome(w.act(person(Role::acceptor), "merge", full_input("merge"))), "master_not_open") << "a duplicate is nobody's master";
  w.facts.other->state = State::pending_dispatch;
  w.do_(Role::acceptor, "merge", full_input("merge"));
  EXPECT_FALSE(info(w.c.state).open);
  EXPECT_EQ(w.c.filed_at, std::nullopt) << "the work counts once, for the master";
  EXPECT_TRUE(w.spans.empty());
}

TEST(Linked, AClosedProblemThatIsBackIsANewCaseLinkedToTheOldOne) {
  World w;
  w.walk_to(State::closed);
  w.do_(Role::hotline_agent, "reopen", full_input("reopen"));
  EXPECT_EQ(w.c.state, State::closed);
  ASSERT_EQ(w.also.size(), 1u);
  auto const& fresh = w.also.front();
  EXPECT_EQ(fresh.after.state, State::pending_accept);
  EXPECT_EQ(fresh.after.follows, w.c.case_no);
  EXPECT_EQ(w.c.followed_by, fresh.after.case_no);
  EXPECT_EQ(fresh.after.grid, w.c.grid);
  EXPECT_TRUE(same(replay(fresh.after.district, fresh.after.case_no, fresh.rows), fresh.after));
  EXPECT_EQ(outcome(w.act(person(Role::hotline_agent), "reopen", full_input("reopen"))), "followed_before");
  World old;
  old.walk_to(State::closed);
  old.pass(std::chrono::hours{24 * 31});
  EXPECT_EQ(outcome(old.act(person(Role::hotline_agent), "reopen", full_input("reopen"))), "reopen_window_over");
}

TEST(Linked, ADangerRemovedLeavesARepair) {
  World w;
  w.walk_to(State::pending_close);
  w.city.closing_conditions.push_back("made_safe");
  auto in = full_input("close");
  in.closing_condition = "made_safe";
  w.do_(Role::acceptor, "close", in);
  ASSERT_EQ(w.also.size(), 1u);
  EXPECT_EQ(w.also.front().after.follows, w.c.case_no);
  EXPECT_EQ(w.also.front().after.condition, "");
}

TEST(Appeal, OnceAndOnlyAgainstALateClosure) {
  auto w = dispatched();
  w.now = local(2025, 9, 23, 9, 0);
  w.do_(Role::squad_leader, "sign");
  w.do_(Role::disposer, "dispose", full_input("dispose"));
  w.do_(Role::unit_clerk, "confirm");
  w.do_(Role::acceptor, "send_check");
  w.do_(person(Role::patroller, w.c.holder), "check", full_input("check"));
  w.do_(Role::acceptor, "close", full_input("close"));
  ASSERT_TRUE(w.c.late);
  w.do_(Role::unit_head, "appeal", full_input("appeal"));
  EXPECT_FALSE(w.c.exempt);
  auto refused = w;
  refused.do_(Role::evaluator, "refuse_request");
  EXPECT_EQ(refused.c.appeal, "refused");
  EXPECT_EQ(outcome(refused.act(person(Role::unit_head), "appeal", full_input("appeal"))), "appealed_before");
  auto sealed = w;
  w.do_(Role::evaluator, "approve_request");
  EXPECT_TRUE(w.c.exempt);
  EXPECT_TRUE(w.c.late) << "the facts are kept";
  EXPECT_EQ(flag_value(w.c, "counted_to"), "") << "nothing is sealed: it leaves every month";
  sealed.city.sealed_before = local(2025, 9, 1);
  sealed.do_(Role::evaluator, "approve_request");
  EXPECT_EQ(flag_value(sealed.c, "counted_to"), "2025-08") << "August is sealed and goes on counting it";
}

TEST(Sealed, AnAmendedCaseStaysInTheSealedMonthsWhatItWasThere) {
  World w;
  w.city.policy = by_hand();
  w.report(a_report());
  auto const street = w.c.street, class_code = w.c.class_code;
  auto const to = [&](std::string const& grid) {
    w.facts.place = place_in(grid);
    auto in = full_input("amend");
    in.lon = 116.6, in.lat = 35.4;
    w.do_(Role::acceptor, "amend", in);
  };
  auto unsealed = w;
  w.city.sealed_before = local(2025, 10, 1);  // its month was sealed while it waited
  w.now = local(2025, 10, 20);
  auto const before = ":" + w.c.street + ":" + w.c.community + ":" + w.c.grid + ":" + w.c.class_code + ":" + w.c.code;
  to("g21");
  ASSERT_NE(w.c.street, street);
  EXPECT_EQ(flag_value(w.c, "counted_as"), "2025-09" + before);
  EXPECT_TRUE(has_flag(w.c, "corrected"));
  to("g11");
  EXPECT_EQ(
      std::count_if(w.c.flags.begin(), w.c.flags.end(), [](auto const& f) { return f.starts_with("counted_as:"); }), 1)
      << "what was sealed is kept once";
  EXPECT_EQ(flag_value(w.c, "counted_as"), "2025-09" + before);
  w.city.sealed_before = local(2025, 11, 1);
  w.now = local(2025, 11, 20);
  to("g21");
  EXPECT_EQ(
      std::count_if(w.c.flags.begin(), w.c.flags.end(), [](auto const& f) { return f.starts_with("counted_as:"); }), 2)
      << "October was sealed with another place";
  std::map<std::int32_t, std::string> filed;
  w.do_(Role::acceptor, "accept");
  w.do_(Role::shift_leader, "file");
  for (auto const& line : figures_of(w.c, w.spans, Months(std::chrono::minutes{480}, {})))
    if (line.n[std::size_t(Figure::filed)] != 0) filed[line.month] = line.street;
  EXPECT_EQ(filed, (std::map<std::int32_t, std::string>{{2025 * 12 + 10, w.c.street}}))
      << "months to come have it where it is";
  w.c.filed_at = local(2025, 9, 25);
  for (auto const& line : figures_of(w.c, w.spans, Months(std::chrono::minutes{480}, {})))
    if (line.n[std::size_t(Figure::filed)] != 0)
      filed[line.month] = std::string(line.street) + " " + std::string(line.class_code);
  EXPECT_EQ(filed[2025 * 12 + 8], street + " " + class_code);
  unsealed.city.sealed_before = local(2025, 9, 1);
  unsealed.facts.place = place_in("g21");
  auto in = full_input("amend");
  in.lon = 116.6, in.lat = 35.4;
  unsealed.do_(Role::acceptor, "amend", in);
  EXPECT_FALSE(has_flag(unsealed.c, "corrected")) << "no sealed month counts it";
}

TEST(Stage, ItsOwnClockRunsOnTheCentersCalendarAndStandsStillForAVerification) {
  World w;
  w.city.policy = by_hand();
  w.now = local(2025, 9, 22, 11, 50);
  w.report();
  EXPECT_EQ(local_text(*w.c.stage_due_at), local_text(local(2025, 9, 22, 14, 5))) << "15 work minutes over noon";
  w.do_(Role::acceptor, "send_verify");
  EXPECT_EQ(w.c.stage_due_at, std::nullopt);
  w.now = local(2025, 9, 22, 16, 0);
  auto in = full_input("verify");
  in.result = "not_exist";
  w.do_(person(Role::patroller, w.c.holder), "verify", in);
  EXPECT_EQ(w.c.verify_result, "not_exist");
  EXPECT_EQ(local_text(*w.c.stage_due_at), local_text(local(2025, 9, 22, 16, 15)));
  w.now = local(2025, 9, 22, 16, 16);
  w.do_(Role::acceptor, "accept");
  EXPECT_EQ(w.c.late_stages, std::vector<std::string>{"accept"});
  w.now = local(2025, 9, 22, 16, 20);
  w.do_(Role::shift_leader, "file");
  EXPECT_EQ(w.c.late_stages.size(), 1u);
}

TEST(DeadSystem, AReportThatWaitedStartsItsSquadsClockWhenTheSquadCanHearOfIt) {
  World w;
  auto r = a_report();
  r.received_at = local(2025, 9, 22, 9, 0);
  w.facts.place = place_in("g11");
  w.apply(decide_report(w.facts, r, "3708712025092200001", local(2025, 9, 22, 11, 0)));
  EXPECT_EQ(w.c.opened_at, r.received_at);
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2025, 9, 22, 17, 0)));
  w.now = local(2025, 9, 22, 15, 0);
  auto command = w.command(person(Role::squad_leader), "sign");
  command.received_at = local(2025, 9, 22, 11, 30);  // what a person did is judged when the door received it
  auto const signed_ = w.ask(command);
  ASSERT_EQ(outcome(signed_), "accepted");
  EXPECT_EQ(std::get<Accepted>(signed_).after.signed_at, command.received_at);
}

TEST(Manual, WhyNobodyAnsweredIsKept) {
  World w;
  w.report(a_report("patrol", "05005"), "g21");
  EXPECT_EQ(w.c.state, State::pending_dispatch);
  EXPECT_NE(w.c.explain.find(R"({"level":"territorial","result":"no_rule"})"), std::string::npos) << w.c.explain;
}

TEST(Amend, AnotherCategoryForgetsTheConditionNumberOfTheOldOne) {
  World w;
  w.city.policy = by_hand();
  auto r = a_report();
  r.condition = "2";
  w.report(r);
  ActionInput in;
  in.category = CategoryKey{"gbt47678.5-2026", "matter", "02002"};
  w.do_(Role::acceptor, "amend", in);
  EXPECT_EQ(w.c.condition, "");
}

TEST(HandBack, GivesTheTaskToTheWholeSquadAgain) {
  World w;
  w.walk_to(State::pending_dispose);
  ActionInput in;
  in.holder = "zhang";
  w.do_(Role::squad_leader, "reassign", in);
  w.do_(person_of(Role::disposer, "city_a", "a1", "zhang"), "sign");
  w.do_(person_of(Role::disposer, "city_a", "a1", "zhang"), "hand_back", full_input("hand_back"));
  EXPECT_EQ(w.open_task(TaskKind::dispose)->holder, "");
  EXPECT_EQ(w.last_tasks.front().previous_holder, "zhang");
}

TEST(Resend, AnotherPatrollerTakesOverATaskThatNobodyAnswers) {
  for (auto const state : {State::verifying, State::checking}) {
    World w;
    w.walk_to(state);
    auto const first = w.c.holder;
    w.do_(Role::patrol_lead, state == State::verifying ? "send_verify" : "send_check");
    EXPECT_EQ(w.c.state, state);
    EXPECT_NE(w.c.holder, first);
    EXPECT_EQ(w.facts.open_tasks.size(), 1u);
  }
}

}  // namespace
}  // namespace wangge::core::test
