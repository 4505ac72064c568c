// The city says no: the order of checks of CONTRACT 5 and every guard.
#include <gtest/gtest.h>

#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono_literals;

std::string field_of(Decision const& d) {
  return std::get<Refused>(d).field;
}

TEST(Refusal, ScopeComesBeforeRoleBeforeVersionBeforeGuard) {
  World w;
  w.walk_to(State::pending_dispose);
  auto command = w.command(person(Role::acceptor), "accept", {});
  command.version -= 1;
  auto elsewhere = command;
  elsewhere.who.district = "110101";
  EXPECT_EQ(outcome(w.ask(elsewhere)), "out_of_scope");
  elsewhere = command;
  elsewhere.who.street = "s2";
  EXPECT_EQ(outcome(w.ask(elsewhere)), "out_of_scope");
  auto other_role = command;
  other_role.who = person(Role::evaluator);
  EXPECT_EQ(outcome(w.ask(other_role)), "not_yours");
  EXPECT_EQ(outcome(w.ask(command)), "stale_version");
  command.version += 1;
  EXPECT_EQ(outcome(w.ask(command)), "wrong_state");
}

TEST(Refusal, AnActionNobodyKnowsIsNotFound) {
  World w;
  w.walk_to(State::pending_dispose);
  EXPECT_EQ(outcome(w.ask(w.command(person(Role::acceptor), "explode"))), "out_of_scope");
  EXPECT_EQ(outcome(w.ask(w.command(person(Role::acceptor), "report"))), "out_of_scope");
  auto command = w.command(person(Role::acceptor), "note", full_input("note"));
  w.facts.present.reset();
  EXPECT_EQ(outcome(w.ask(command)), "out_of_scope");
}

TEST(Refusal, OtherUnitsDoNotSeeTheCaseAndUnboundPeopleDoNotOwnIt) {
  World w;
  w.walk_to(State::pending_dispose);
  EXPECT_EQ(outcome(w.act(person_of(Role::squad_leader, "city_b", "b1"), "sign")), "out_of_scope");
  EXPECT_EQ(outcome(w.act(person_of(Role::squad_leader, "city_a", "a2"), "sign")), "out_of_scope");
  EXPECT_EQ(outcome(w.act(person_of(Role::squad_leader, "city_a", ""), "sign")), "not_yours");
  EXPECT_EQ(outcome(w.act(person_of(Role::unit_clerk, "", ""), "sign")), "not_yours");
  EXPECT_EQ(outcome(w.act(person_of(Role::unit_clerk, "city_a", ""), "sign")), "accepted");
}

TEST(Refusal, AReporterSeesOnlyHisOwnReports) {
  World w;
  w.walk_to(State::pending_accept);
  auto mine = person(Role::reporter, "p1"), other = person(Role::reporter, "app");
  EXPECT_TRUE(in_scope(mine, w.c));
  EXPECT_FALSE(in_scope(other, w.c));
  EXPECT_EQ(outcome(w.act(mine, "note", full_input("note"))), "not_yours");
}

TEST(Refusal, OnlyTheHolderOfTheTaskMayVerifyOrCheck) {
  World verifying, checking;
  verifying.walk_to(State::verifying);
  checking.walk_to(State::checking);
  auto const other = person(Role::patroller, "p2");
  EXPECT_EQ(outcome(verifying.act(other, "verify", full_input("verify"))), "not_your_task");
  EXPECT_EQ(outcome(checking.act(other, "check", full_input("check"))), "not_your_task");
  EXPECT_EQ(info(Reason::not_your_task).status, 403);
  EXPECT_EQ(outcome(checking.act(person(Role::patroller), "check", full_input("check"))), "accepted");
}

TEST(Refusal, AHolderOutsideHisStreetStillSeesHisTask) {
  World w;
  w.walk_to(State::checking);
  auto holder = person(Role::patroller);
  holder.street = "s2";
  EXPECT_FALSE(in_scope(holder, w.c));
  EXPECT_EQ(outcome(w.act(holder, "check", full_input("check"))), "accepted");
}

TEST(Refusal, AMemberOfTheDisposingUnitMayNotCheckIt) {
  World w;
  w.walk_to(State::checking);
  auto holder = person(Role::patroller);
  holder.unit = "city_a";
  EXPECT_EQ(outcome(w.act(holder, "check", full_input("check"))), "checker_of_disposing_unit");
}

TEST(Refusal, AMissingFieldIsNamed) {
  World w;
  w.walk_to(State::checking);
  auto const p = person(Role::patroller);
  EXPECT_EQ(field_of(w.ask(w.command(p, "check", {}))), "/result");
  ActionInput in;
  in.result = "pass";
  EXPECT_EQ(field_of(w.ask(w.command(p, "check", in))), "/photos");
  in.photos = {"x"};
  in.result = "maybe";
  EXPECT_EQ(field_of(w.ask(w.command(p, "check", in))), "/result");
  in.result = "unable";
  EXPECT_EQ(field_of(w.ask(w.command(p, "check", in))), "/reason");
  in.reason = "门锁着";
  EXPECT_EQ(outcome(w.ask(w.command(p, "check", in))), "accepted");
}

TEST(Refusal, ACaseWithoutAUsablePlaceIsNotAcceptedUntilItIsAmended) {
  World w;
  w.city.policy = by_hand();
  w.report(a_report(), "");
  ASSERT_TRUE(w.c.place_unusable);
  EXPECT_EQ(outcome(w.act(person(Role::acceptor), "accept")), "place_unusable");
  ActionInput in;
  in.lon = 116.6;
  EXPECT_EQ(field_of(w.ask(w.command(person(Role::acceptor), "amend", in))), "/lat");
  in.lat = 35.5;
  w.facts.place = place_in("g21");
  w.do_(Role::acceptor, "amend", in);
  EXPECT_EQ(w.c.grid, "g21");
  EXPECT_EQ(w.c.lon, 116.6);
  EXPECT_FALSE(w.c.place_unusable);
  w.do_(Role::acceptor, "accept");
}

TEST(Refusal, AmendKnowsTheCatalogue) {
  World w;
  w.walk_to(State::pending_file);
  ActionInput in;
  EXPECT_EQ(outcome(w.act(person(Role::acceptor), "amend", in)), "field_missing");
  in.category = CategoryKey{"gbt47678.5-2026", "matter", "99999"};
  EXPECT_EQ(outcome(w.act(person(Role::acceptor), "amend", in)), "unknown_category");
  in.category->code = "02002";
  in.condition = "7";
  EXPECT_EQ(outcome(w.act(person(Role::acceptor), "amend", in)), "unknown_condition");
  in.condition = "1";
  w.do_(Role::acceptor, "amend", in);
  EXPECT_EQ(w.c.code, "02002");
  EXPECT_EQ(w.c.class_code, "02");
}

TEST(Refusal, AnotherCategoryDropsAConditionThatWasOfTheOld) {
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

TEST(Refusal, FilingNeedsAConditionOfTheCategory) {
  World w;
  w.walk_to(State::pending_file);
  ActionInput in;
  in.condition = "9";
  EXPECT_EQ(outcome(w.act(person(Role::shift_leader), "file", in)), "unknown_condition");
  in.condition = "2";
  w.do_(Role::shift_leader, "file", in);
  EXPECT_EQ(w.c.clock, "urgent");
  EXPECT_EQ(w.c.limit_minutes, 120);

  World bare;
  bare.city.policy = by_hand();
  bare.report(a_report("patrol", "06006"));
  bare.do_(Role::acceptor, "accept");
  EXPECT_EQ(outcome(bare.act(person(Role::shift_leader), "file")), "unknown_condition");
}

TEST(Refusal, DispatchNeedsAUnitAndASquadThatBelongTogether) {
  World w;
  w.walk_to(State::pending_dispatch);
  auto try_with = [&](std::string unit, std::string squad) {
    ActionInput in;
    in.unit = unit;
    in.squad = squad;
    auto const d = w.ask(w.command(person(Role::dispatch_officer), "dispatch", in));
    auto const* done = std::get_if<Accepted>(&d);
    return done ? done->after.unit + "/" + done->after.squad + "/" + done->after.route_rule : outcome(d);
  };
  EXPECT_EQ(try_with("", ""), "city_a/a1/r-grid");
  EXPECT_EQ(try_with("city_a", ""), "city_a/a1/r-grid");
  EXPECT_EQ(try_with("city_a", "a1"), "city_a/a1/r-grid");
  EXPECT_EQ(try_with("city_a", "a2"), "city_a/a2/");
  EXPECT_EQ(try_with("", "b1"), "city_b/b1/");
  EXPECT_EQ(try_with("city_b", ""), "city_b/b1/");  // its only squad
  EXPECT_EQ(try_with("city_b", "a1"), "squad_not_of_unit");
  EXPECT_EQ(try_with("city_x", "a1"), "unknown_unit");
  EXPECT_EQ(try_with("city_a", "x"), "unknown_squad");
}

TEST(Refusal, WithoutARouteTheOfficerMustNameTheUnit) {
  World w;
  w.city.policy = by_hand();
  w.report(a_report("patrol", "05005"), "g21");
  w.do_(Role::acceptor, "accept");
  w.do_(Role::acceptor, "file");
  EXPECT_EQ(field_of(w.ask(w.command(person(Role::dispatch_officer), "dispatch"))), "/unit");
}

TEST(Refusal, AReturnIsAskedForOnlyInsideItsWindow) {
  World w;
  w.walk_to(State::pending_dispose);
  auto const sent = w.open_task(TaskKind::dispose)->created_at;
  ActionInput in;
  in.reason = "不是我们的";
  w.now = w.city.calendar_of("city_a").add_work(sent, 240min).at;
  EXPECT_EQ(outcome(w.ask(w.command(person(Role::unit_clerk), "return", in))), "accepted");
  w.now += 1min;
  EXPECT_EQ(outcome(w.ask(w.command(person(Role::unit_clerk), "return", in))), "return_window_over");
}

TEST(Refusal, AnUrgentCaseHasAShortWindow) {
  World w;
  w.city.policy.auto_confirm = false;
  w.report(a_report("patrol", "03003"));
  ASSERT_EQ(w.c.state, State::pending_dispose);
  ActionInput in;
  in.reason = "不是我们的";
  auto const clerk = person_of(Role::unit_clerk, w.c.unit, "");
  w.pass(30min);
  EXPECT_EQ(outcome(w.ask(w.command(clerk, "return", in))), "accepted");
  w.pass(1min);
  EXPECT_EQ(outcome(w.ask(w.command(clerk, "return", in))), "return_window_over");
}

TEST(Refusal, WhoSentItMayNotDecideOnItsReturn) {
  World w;
  w.walk_to(State::returned_by_unit);
  auto const both = person(Role::shift_leader, "dispatch_officer");  // the same person in another role
  EXPECT_EQ(outcome(w.act(both, "approve_return")), "sender_may_not_decide");
  EXPECT_EQ(outcome(w.act(both, "refuse_return")), "sender_may_not_decide");
  w.do_(Role::shift_leader, "approve_return");
}

TEST(Refusal, TheThirdReturnIsForTheCoordinatorAlone) {
  World w;
  w.walk_to(State::pending_dispose);
  for (int i = 0; i < 2; ++i) {
    w.do_(Role::unit_clerk, "return", full_input("return"));
    w.do_(Role::shift_leader, "approve_return");
    w.do_(Role::dispatch_officer, "dispatch");
  }
  w.do_(Role::unit_clerk, "return", full_input("return"));
  EXPECT_EQ(w.c.returns, 2);
  EXPECT_EQ(outcome(w.act(person(Role::shift_leader), "approve_return")), "not_yours");
  EXPECT_EQ(outcome(w.act(person(Role::coordinator), "approve_return")), "field_missing") << "the desk names the unit";
  ActionInput named;
  named.unit = "city_b";
  w.do_(Role::coordinator, "approve_return", named);
  EXPECT_EQ(w.c.returns, 3);
  EXPECT_EQ(w.c.state, State::pending_dispose) << "dispatched in the same step";
  EXPECT_EQ(w.c.unit, "city_b");
  EXPECT_TRUE(w.c.wrong_dispatch);
  auto const theirs = person_of(Role::unit_clerk, "city_b", "", "clerk-b");
  EXPECT_EQ(outcome(w.act(theirs, "return", full_input("return"))), "unit_is_binding");
}

TEST(Refusal, VoidingTakesARequestAndAnotherPerson) {
  World w;
  w.walk_to(State::disposing);
  EXPECT_EQ(outcome(w.act(person(Role::shift_leader), "approve_void")), "no_request");
  w.do_(Role::acceptor, "request_void", full_input("request_void"));
  EXPECT_EQ(w.c.state, State::disposing);
  ASSERT_EQ(w.c.requests.size(), 1u);
  EXPECT_EQ(w.c.requests.front().reason, "理由");
  EXPECT_EQ(outcome(w.act(person(Role::acceptor), "request_void", full_input("request_void"))), "request_open");
  EXPECT_EQ(outcome(w.act(person(Role::shift_leader, "acceptor"), "approve_void")), "same_person");
  EXPECT_EQ(outcome(w.act(person(Role::shift_leader, "acceptor"), "refuse_void")), "same_person");
  w.do_(Role::shift_leader, "refuse_void");
  EXPECT_TRUE(w.c.requests.empty());
}

TEST(Refusal, AVoidRequestTakesNoWindowFromTheUnit) {
  World w;
  w.walk_to(State::pending_dispose);
  w.do_(Role::acceptor, "request_void", full_input("request_void"));
  w.do_(Role::unit_clerk, "return", full_input("return"));
  w.do_(Role::shift_leader, "approve_return");
  w.do_(Role::shift_leader, "refuse_void");
  ActionInput elsewhere;
  elsewhere.unit = "city_b";
  w.do_(Role::dispatch_officer, "dispatch", elsewhere);
  EXPECT_TRUE(w.c.wrong_dispatch) << "the refused void must not wipe the approved return";
}

TEST(Refusal, ForceClosingTakesASecondPerson) {
  for (auto const state : {State::verifying, State::disposing, State::pending_close}) {
    World w;
    w.walk_to(state);
    w.do_(Role::leader, "force_close", full_input("force_close"));
    EXPECT_EQ(w.c.state, state);
    EXPECT_EQ(outcome(w.act(person(Role::leader), "approve_request")), "same_person");
    EXPECT_EQ(outcome(w.act(person(Role::leader), "force_close", full_input("force_close"))), "request_open");
    w.do_(Role::shift_leader, "approve_request");
    EXPECT_EQ(w.c.state, State::forced_closed);
  }
}

TEST(Refusal, ClosingNeedsAKnownCondition) {
  World w;
  w.walk_to(State::pending_close);
  ActionInput in;
  in.closing_condition = "forgotten";
  EXPECT_EQ(outcome(w.act(person(Role::acceptor), "close", in)), "unknown_closing_condition");
}

TEST(Refusal, NobodyOnDutyNobodySent) {
  World w;
  w.walk_to(State::pending_review);
  w.city.duty.clear();
  EXPECT_EQ(outcome(w.act(person(Role::acceptor), "send_check")), "no_checker_on_duty");
  w.city.duty = {{"p3", "city_a", "", "", "", 0, 1440}};  // the disposing unit's own man
  EXPECT_EQ(outcome(w.act(person(Role::acceptor), "send_check")), "no_checker_on_duty");
  w.city.duty.push_back({"p4", "", "", "", "", 0, 1440});  // bound to no body
  w.do_(Role::acceptor, "send_check");
  EXPECT_EQ(w.c.holder, "p4");
}

TEST(Refusal, BackdatingTakesTheRightAndStaysBetweenLastStepAndNow) {
  World w;
  w.walk_to(State::disposing);
  auto who = person(Role::disposer);
  auto command = w.command(who, "dispose", full_input("dispose"));
  command.at = w.c.last_at;
  EXPECT_EQ(outcome(w.ask(command)), "backdate_not_allowed");
  command.who.backdate = true;
  command.at = w.c.last_at - 1ms;
  EXPECT_EQ(outcome(w.ask(command)), "at_before_last");
  command.at = command.received_at + 1ms;
  EXPECT_EQ(outcome(w.ask(command)), "at_in_future");
  command.at = w.c.last_at;
  auto const d = w.ask(command);
  ASSERT_EQ(outcome(d), "accepted");
  EXPECT_TRUE(std::get<Accepted>(d).after.backdated);
  w.apply(std::get<Accepted>(d));
  EXPECT_TRUE(same(replay(w.c.district, w.c.case_no, w.rows), w.c)) << "the flag has to stand in the history too";
  EXPECT_EQ(std::get<Accepted>(d).rows.front().at, w.c.last_at);
}

TEST(Refusal, NothingIsEnteredIntoASealedMonth) {
  World w;
  w.walk_to(State::pending_accept);
  auto command = w.command(person(Role::acceptor), "accept");
  command.who.backdate = true;
  command.at = w.c.last_at;
  w.city.sealed_before = *command.at + Millis{1};
  EXPECT_EQ(outcome(w.ask(command)), "month_sealed");
  w.city.sealed_before = command.at;
  EXPECT_EQ(outcome(w.ask(command)), "accepted") << "its first instant behind the seal is free";
}

TEST(Refusal, AReportIntoASealedMonthCountsWhereItWasReceived) {
  World w;
  w.city.sealed_before = local(2025, 9, 1);
  auto report = a_report();
  report.received_at = w.now;
  report.at = local(2025, 8, 20);
  w.report(report);
  EXPECT_EQ(w.c.opened_at, w.now);
  EXPECT_TRUE(w.c.backdated);
  World late;  // it lay in a spool until its month was sealed
  late.city.sealed_before = late.now;
  report.received_at = local(2025, 8, 21);
  late.report(report);
  EXPECT_EQ(late.c.opened_at, late.now) << "the sealed month keeps its digits";
}

TEST(Refusal, ReassigningStaysInsideTheUnit) {
  World w;
  w.walk_to(State::disposing);
  ActionInput in;
  EXPECT_EQ(outcome(w.act(person(Role::unit_clerk), "reassign", in)), "field_missing");
  in.squad = "b1";
  EXPECT_EQ(outcome(w.act(person(Role::unit_clerk), "reassign", in)), "squad_not_of_unit");
  in.squad = "zz";
  EXPECT_EQ(outcome(w.act(person(Role::unit_clerk), "reassign", in)), "unknown_squad");
  in.squad = "a2";
  EXPECT_EQ(outcome(w.act(person(Role::squad_leader), "reassign", in)), "not_yours");  // he names only his own people
}

}  // namespace
}  // namespace wangge::core::test
