// Spans: the rows from which the closure table is computed.
#include <gtest/gtest.h>

#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono_literals;

std::string story(World const& w) {
  std::string out;
  for (auto const& s : w.spans) {
    out += std::string(out.empty() ? "" : " ") + std::string(id(s.kind)) + "(" + s.unit + "/" + s.squad + ")" + s.ended;
  }
  return out;
}

TEST(Spans, NoneBeforeTheDispatch) {
  World w;
  w.walk_to(State::pending_dispatch);
  EXPECT_TRUE(w.spans.empty());
}

TEST(Spans, ACleanLife) {
  World w;
  w.walk_to(State::closed);
  EXPECT_EQ(story(w), "undisposed(city_a/a1)next awaiting(city_a/a1)closed");
  EXPECT_EQ(w.spans[0].from_at, *w.c.dispatched_at);
  EXPECT_EQ(w.spans[1].from_at, *w.c.handed_over_at);
  EXPECT_EQ(w.spans[1].until_at, w.c.closed_at);
}

TEST(Spans, AFailedCheckAndARework) {
  World w;
  w.walk_to(State::checking);
  auto in = full_input("check");
  in.result = "fail";
  w.do_(Role::patroller, "check", in);
  EXPECT_EQ(story(w), "undisposed(city_a/a1)next awaiting(city_a/a1)failed undisposed(city_a/a1)");
  w.do_(Role::squad_leader, "sign");
  w.do_(Role::disposer, "dispose", full_input("dispose"));
  w.do_(Role::unit_clerk, "confirm");
  w.do_(Role::dispatch_officer, "rework", full_input("rework"));
  EXPECT_EQ(story(w),
            "undisposed(city_a/a1)next awaiting(city_a/a1)failed undisposed(city_a/a1)next awaiting(city_a/a1)failed "
            "stopped(city_a/a1)");
}

TEST(Spans, AnApprovedReturnStandsStillAndGoesOnElsewhere) {
  World w;
  w.walk_to(State::returned_by_unit);
  EXPECT_EQ(story(w), "undisposed(city_a/a1)");
  w.do_(Role::shift_leader, "approve_return");
  EXPECT_EQ(w.spans.back().due_at, kNever);
  ActionInput in;
  in.unit = "city_b";
  w.do_(Role::dispatch_officer, "dispatch", in);
  EXPECT_EQ(story(w), "undisposed(city_a/a1)next stopped(city_a/a1)next undisposed(city_b/b1)");
}

TEST(Spans, WhatWasLateWhenItStoppedStaysLateInTheStoppedSpan) {
  World w;
  w.walk_to(State::pending_dispose);
  w.now = *w.c.due_at + 1h;
  w.do_(Role::dispatch_officer, "recall");
  EXPECT_LT(w.spans.back().due_at, w.spans.back().from_at);
}

TEST(Spans, AReassignedCaseCountsForTheSquadThatHasIt) {
  World w;
  w.walk_to(State::disposing);
  ActionInput in;
  in.squad = "a2";
  w.do_(Role::unit_clerk, "reassign", in);
  EXPECT_EQ(story(w), "undisposed(city_a/a1)next undisposed(city_a/a2)");
}

TEST(Spans, EndsNameHowTheCaseEnded) {
  World forced, voided, declined;
  forced.walk_to(State::forced_closed);
  EXPECT_EQ(story(forced), "undisposed(city_a/a1)forced_closed");
  voided.walk_to(State::disposed);
  voided.do_(Role::acceptor, "request_void", full_input("request_void"));
  voided.do_(Role::shift_leader, "approve_void");
  EXPECT_EQ(story(voided), "undisposed(city_a/a1)voided");
  declined.walk_to(State::returned_by_unit);
  declined.do_(Role::shift_leader, "approve_return");
  declined.do_(Role::dispatch_officer, "return_filing", full_input("return_filing"));
  declined.do_(Role::shift_leader, "decline_filing", full_input("decline_filing"));
  EXPECT_EQ(story(declined), "undisposed(city_a/a1)next stopped(city_a/a1)voided");
}

TEST(Spans, ALateHandOverSaysSo) {
  World w;
  w.walk_to(State::disposed);
  w.now = *w.c.due_at + 1ms;
  w.do_(Role::unit_clerk, "confirm");
  EXPECT_LT(w.spans.back().due_at, w.spans.back().from_at);
}

TEST(Spans, ANoteOrACheckThatCannotBeMadeChangesNothing) {
  World w;
  w.walk_to(State::checking);
  auto const before = w.span_changes.size();
  w.do_(Role::acceptor, "note", full_input("note"));
  auto in = full_input("check");
  in.result = "unable";
  w.do_(Role::patroller, "check", in);
  EXPECT_EQ(w.span_changes.size(), before);
}

}  // namespace
}  // namespace wangge::core::test
