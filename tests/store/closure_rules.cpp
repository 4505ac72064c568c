// The closure table's rules one by one (CONTRACT 7, RULINGS 1), on hand-made histories of September to December 2026.
// T of September is the end of 10-09 … the first three working days after it (1 to 7 October are holidays); of October the end
// of 11-04, of November the end of 12-03.
#include <gtest/gtest.h>

#include <map>

#include "storage/times.hpp"
#include "tests/store/world.hpp"

namespace wangge::tests {
namespace {

using core::State;
using storage::ClosureRow;
using storage::ClosureTable;

core::Instant on(int month, int day, int hour = 0) {  // local time of 2026
  return core::Instant{std::chrono::sys_days{std::chrono::year{2026} / month / day}} + std::chrono::hours(hour - 8);
}

class Closure : public World {
 protected:
  storage::ClosureRequest request(int month, std::string const& by = "unit", core::Instant now = on(12, 31)) {
    auto const calendar = reads->calendar(kDistrict);
    storage::ClosureRequest r;
    r.who = principal(core::Role::leader);
    r.by = by;
    r.from = on(month, 1);
    r.to = on(month + 1, 1);
    r.as_of = std::min(now, calendar.end_of_working_day_after(calendar.local_day(r.to) - core::Days{1}, 3));
    r.previous_as_of = std::min(now, calendar.end_of_working_day_after(calendar.local_day(r.from) - core::Days{1}, 3));
    return r;
  }
  ClosureTable table(int month, std::string const& by = "unit", core::Instant now = on(12, 31)) { return reads->closure(request(month, by, now)); }
  ClosureRow total(int month, core::Instant now = on(12, 31)) { return table(month, "unit", now).total; }
  void put(std::vector<Life> lives) {
    std::vector<storage::CaseSave> saves;
    for (auto& life : lives) saves.push_back(life.save());
    save(saves);
  }
  // due, closed, on time, awaiting, carried over
  std::vector<std::int64_t> figures(ClosureRow const& r) { return {r.due, r.closed, r.closed_on_time, r.awaiting_check, r.carried_over}; }
};

using Figures = std::vector<std::int64_t>;
Figures const kNothing{0, 0, 0, 0, 0};

TEST_F(Closure, TheWorkingDaysOfTheseTestsAreRight) {
  auto const calendar = reads->calendar(kDistrict);
  EXPECT_EQ(calendar.end_of_working_day_after(std::chrono::sys_days{std::chrono::year{2026} / 10 / 31}, 3), on(11, 5));
  EXPECT_EQ(calendar.end_of_working_day_after(std::chrono::sys_days{std::chrono::year{2026} / 9 / 30}, 3), on(10, 13));
  EXPECT_EQ(calendar.end_of_working_day_after(std::chrono::sys_days{std::chrono::year{2026} / 11 / 30}, 3), on(12, 4));
}

TEST_F(Closure, HandedOverInTheMonthAndClosedByTCountsAsDueAndClosed) {
  put({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 11)).close(on(10, 13)),     // on time
       Life(2, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 12)).close(on(10, 13)),     // at the very deadline
       Life(3, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 14)).close(on(10, 15)),     // late
       Life(4, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 11)).close(on(11, 4, 23))});  // closed after the month, before T
  EXPECT_EQ(figures(total(10)), (Figures{4, 4, 3, 0, 0}));
  EXPECT_EQ(figures(total(11)), kNothing);
  EXPECT_EQ(figures(total(9)), kNothing);
}

TEST_F(Closure, HandedOverIsJudgedByItsMonthNotByItsFiling) {
  put({Life(1, on(9, 20)).dispatched("S1", on(10, 20)).hand_over(on(10, 11)).close(on(10, 13))});
  EXPECT_EQ(figures(total(10)), (Figures{1, 1, 1, 0, 0}));
  EXPECT_EQ(total(10).filed, 0);
  EXPECT_EQ(total(9).filed, 1);
  EXPECT_EQ(figures(total(9)), kNothing);
}

TEST_F(Closure, AtTheMonthsEdgeTheFirstInstantBelongsToTheNext) {
  put({Life(1, on(10, 10)).dispatched("S1", on(12, 1)).hand_over(on(11, 1) - core::Millis{1}).close(on(11, 2)),
       Life(2, on(10, 10)).dispatched("S1", on(12, 1)).hand_over(on(11, 1)).close(on(11, 2))});
  EXPECT_EQ(total(10).closed, 1);
  EXPECT_EQ(total(11).closed, 1);
}

TEST_F(Closure, AwaitingItsCheckAtTItCountsInTheNextMonth) {
  put({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 11)).close(on(11, 5) + core::Millis{1}),
       Life(2, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 11)).close(on(11, 5))});  // the first is one instant too late for T
  EXPECT_EQ(figures(total(10)), (Figures{1, 1, 1, 1, 0}));
  EXPECT_EQ(figures(total(11)), (Figures{1, 1, 1, 0, 0}));
  EXPECT_EQ(figures(total(12)), kNothing);
}

TEST_F(Closure, AwaitingOverTwoMonthsItCountsOnceAtTheEnd) {
  put({Life(1, on(9, 10)).dispatched("S1", on(9, 12)).hand_over(on(9, 11)).close(on(11, 20))});
  EXPECT_EQ(figures(total(9)), (Figures{0, 0, 0, 1, 0}));
  EXPECT_EQ(figures(total(10)), (Figures{0, 0, 0, 1, 0}));
  EXPECT_EQ(figures(total(11)), (Figures{1, 1, 1, 0, 0}));
}

TEST_F(Closure, StillAwaitingItIsInNeitherSide) {
  put({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 20))});
  EXPECT_EQ(figures(total(10)), (Figures{0, 0, 0, 1, 0}));
  EXPECT_EQ(figures(total(11)), (Figures{0, 0, 0, 1, 0}));
}

TEST_F(Closure, OpenAndLateAtTheEndIsDueHoweverOld) {
  put({Life(1, on(9, 10)).dispatched("S1", on(9, 12))});
  EXPECT_EQ(figures(total(9)), (Figures{1, 0, 0, 0, 0}));
  EXPECT_EQ(figures(total(10)), (Figures{1, 0, 0, 0, 1}));
  EXPECT_EQ(figures(total(11)), (Figures{1, 0, 0, 0, 1}));
  EXPECT_EQ(figures(total(8)), kNothing);
}

TEST_F(Closure, OpenWithTimeLeftIsNotDue) {
  put({Life(1, on(10, 10)).dispatched("S1", on(11, 2)),
       Life(2, on(10, 10)).dispatched("S1", on(11, 1))});  // at the very end: still on time
  EXPECT_EQ(figures(total(10)), kNothing);
  EXPECT_EQ(total(10).open_at_end, 2);
  EXPECT_EQ(figures(total(11)), (Figures{2, 0, 0, 0, 2}));
}

TEST_F(Closure, LateAtTheEndAndHandedOverAfterItIsDueOnceInEach) {
  put({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(11, 2)).close(on(11, 3))});
  EXPECT_EQ(figures(total(10)), (Figures{1, 0, 0, 0, 0}));  // not closed in October although closed before T
  EXPECT_EQ(figures(total(11)), (Figures{1, 1, 0, 0, 0}));
}

TEST_F(Closure, ACheckThatFailedBeforeTVoidsTheHandOver) {
  put({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 11)).fail(on(10, 15), on(10, 16)),         // resumed, then late
       Life(2, on(10, 10)).dispatched("S1", on(11, 20)).hand_over(on(10, 11)).fail(on(10, 15), on(11, 24)),         // resumed, time left
       Life(3, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 30)).fail(on(11, 3), on(11, 3)),           // handed over late
       Life(4, on(10, 10)).dispatched("S1", on(10, 31)).hand_over(on(10, 30)).fail(on(11, 3), on(11, 4))});         // handed over in time
  EXPECT_EQ(figures(total(10)), (Figures{2, 0, 0, 0, 0}));  // 1 and 3
  EXPECT_EQ(total(10).reworked, 2);
  EXPECT_EQ(figures(total(11)), (Figures{4, 0, 0, 0, 4}));
}

TEST_F(Closure, ACheckThatFailsAfterTLeavesTheMonthAsItWasRead) {
  put({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 30)).fail(on(11, 6), on(11, 6)).hand_over(on(11, 8)).close(on(11, 9))});
  EXPECT_EQ(figures(total(10)), (Figures{0, 0, 0, 1, 0}));
  EXPECT_EQ(total(10).reworked, 0);
  EXPECT_EQ(figures(total(11)), (Figures{1, 1, 0, 0, 0}));  // once, by its second hand-over, which was late
  EXPECT_EQ(total(11).reworked, 1);
}

TEST_F(Closure, AfterAFailedCheckTheWaitCountsForNobody) {
  // Handed over with a day left; the check takes ten days and fails; the day that was left is used.
  put({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 11)).fail(on(10, 21), on(10, 22)).hand_over(on(10, 22)).close(on(10, 23))});
  EXPECT_EQ(figures(total(10)), (Figures{1, 1, 1, 0, 0}));
}

TEST_F(Closure, AStandingClockIsLateOnlyWhenItsDeadlineHadPassedBefore) {
  auto const recalled = [](Life life, core::Instant when, std::int64_t left) {
    life.step("recall", State::pending_dispatch, when, [&](core::Case& c) { c.left_ms = left; });
    return life;
  };
  put({recalled(Life(1, on(10, 10)).dispatched("S1", on(10, 12)), on(10, 11), 3'600'000),
       recalled(Life(2, on(10, 10)).dispatched("S1", on(10, 12)), on(10, 13), -3'600'000)});
  EXPECT_EQ(figures(total(10)), (Figures{1, 0, 0, 0, 0}));
}

// Granted at `when`, asked at `asked`: from the asking on the deadline in force was `due` (kNever: the clock stood still).
Life granted(Life life, core::Instant asked, core::Instant when, State to, core::Instant due) {
  life.step("approve_request", to, when, [&](core::Case& c) {
    if (due == core::kNever) c.left_ms = 1;
    else c.due_at = due;
  });
  return std::move(life.counts_from(asked, due));
}

TEST_F(Closure, AnApprovalKnownAtTCountsFromItsAsking) {
  put({granted(Life(1, on(10, 10)).dispatched("S1", on(10, 31)), on(10, 30), on(11, 3), State::pending_dispose, on(11, 20)),
       granted(Life(2, on(10, 10)).dispatched("S1", on(10, 31)), on(10, 30), on(11, 3), State::suspended, core::kNever)});
  EXPECT_EQ(figures(total(10)), kNothing) << "asked before the end, granted before T: nothing was late";
}

TEST_F(Closure, AnApprovalAfterTLeavesTheMonthAsItWasRead) {
  put({granted(Life(1, on(10, 10)).dispatched("S1", on(10, 31)), on(10, 30), on(11, 10), State::suspended, core::kNever)});
  EXPECT_EQ(figures(total(10)), (Figures{1, 0, 0, 0, 0}));
  EXPECT_EQ(figures(total(11)), kNothing);
}

TEST_F(Closure, ExtendedOnlyInsideTheMonthItIsLateAllTheSame) {
  put({granted(Life(1, on(10, 10)).dispatched("S1", on(10, 20)), on(10, 19), on(11, 3), State::pending_dispose, on(10, 25))});
  EXPECT_EQ(figures(total(10)), (Figures{1, 0, 0, 0, 0}));
}

TEST_F(Closure, WithEnforcementItStandsApart) {
  auto life = Life(1, on(10, 10)).dispatched("S1", on(10, 20));
  life.step("sign", State::disposing, on(10, 10));
  life.step("hand_to_enforcement", State::in_enforcement, on(10, 22), [](core::Case& c) { c.enforcement_no = "X1", c.left_ms = -1; });
  put({std::move(life)});
  EXPECT_EQ(figures(total(10)), kNothing);
  EXPECT_EQ(total(10).in_enforcement, 1);
}

TEST_F(Closure, ForcedClosedAndLateVoidedCountOnceAsDue) {
  auto const voided = [](Life life, core::Instant when) {
    State const from = life.now().state;
    life.step("request_void", from, when, [&](core::Case& c) { c.requests = {{"r9", core::RequestKind::void_, "acceptor", when, std::nullopt, "double"}}; });
    life.step("approve_void", State::voided, when, [&](core::Case& c) { c.closed_at = when; });
    return life;
  };
  auto const forced = [](Life life, core::Instant when) {
    life.step("approve_request", State::forced_closed, when, [&](core::Case& c) { c.closed_at = when; });
    return life;
  };
  Life never_dispatched(7, on(10, 10));
  never_dispatched.step("accept", State::pending_file, on(10, 11));
  never_dispatched.step("file", State::pending_dispatch, on(10, 11), [](core::Case& c) { c.filed_at = on(10, 11); });
  put({voided(Life(1, on(10, 10)).dispatched("S1", on(10, 12)), on(10, 20)),                      // after the deadline: due
       voided(Life(2, on(10, 10)).dispatched("S1", on(10, 25)), on(10, 20)),                      // before it: not
       voided(Life(3, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 11)), on(10, 20)),  // handed over in time: not
       voided(Life(4, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 15)), on(10, 20)),  // handed over late: due
       forced(Life(5, on(10, 10)).dispatched("S1", on(10, 25)), on(10, 20)),                      // due, whenever
       forced(Life(6, on(9, 10)).dispatched("S1", on(9, 12)), on(10, 20)),                        // due in both months
       forced(never_dispatched, on(10, 20)),
       forced(Life(8, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 20)), on(11, 2))});
  EXPECT_EQ(figures(total(9)), (Figures{1, 0, 0, 0, 0}));
  EXPECT_EQ(figures(total(10)), (Figures{5, 0, 0, 0, 0}));
  EXPECT_EQ(figures(total(11)), (Figures{1, 0, 0, 0, 0}));
  EXPECT_EQ(total(10).open_at_end, 1);
}

TEST_F(Closure, NotFiledAfterItsReturnIsNoVoidedCase) {
  Life life(1, on(10, 10));
  life.dispatched("S1", on(10, 12)).step("recall", State::pending_dispatch, on(10, 13), [](core::Case& c) { c.left_ms = -1; });
  life.step("return_filing", State::returned_by_dispatch, on(10, 14));
  life.step("decline_filing", State::not_filed, on(10, 15), [](core::Case& c) { c.closed_at = on(10, 15); });
  put({life});
  EXPECT_EQ(figures(total(10)), kNothing);
}

TEST_F(Closure, ExemptCasesAreInNeitherSide) {
  Life closed(1, on(10, 10)), open(2, on(10, 10));
  closed.dispatched("S1", on(10, 12)).hand_over(on(10, 11)).close(on(10, 13));
  open.dispatched("S1", on(10, 12));
  auto a = closed.save(), b = open.save();
  a.after.exempt = b.after.exempt = true;
  save({a, b});
  EXPECT_EQ(figures(total(10)), kNothing);
  EXPECT_EQ(total(10).filed, 2);
}

// Late at October's end, closed in November, and out of the figures once October was sealed (DECISIONS 143).
TEST_F(Closure, AMonthSealedBeforeACaseLeftTheFiguresStillCountsIt) {
  auto const late = [](int n, std::string const& sealed) {
    auto life = Life(n, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(11, 20)).close(on(11, 21));
    auto one = life.save();
    one.after.exempt = true;
    if (!sealed.empty()) core::set_flag(one.after, "counted_to:" + sealed);
    return one;
  };
  auto caught = Life(4, on(10, 10)).dispatched("S1", on(10, 12)).save();
  caught.after.enforcement_no = "X1";
  core::set_flag(caught.after, "counted_to:2026-10");
  save({late(1, ""), late(2, "2026-09"), late(3, "2026-10"), caught});
  EXPECT_EQ(total(10).due, 2) << "what was sealed goes on saying what it said";
  EXPECT_EQ(total(10).in_enforcement, 0) << "nobody knew of it yet";
  EXPECT_EQ(total(11).due, 0);
  EXPECT_EQ(total(11).in_enforcement, 1);
}

TEST_F(Closure, AnExtensionGrantedAfterTStandsInTheMonthsThatKnowIt) {
  auto life = Life(1, on(10, 10)).dispatched("S1", on(10, 12));
  life.step("recall", State::pending_dispatch, on(11, 20), [](core::Case& c) { c.left_ms = -1; });
  life.step("dispatch", State::pending_dispose, on(11, 20, 1), [](core::Case& c) { c.unit = "U2", c.squad = "P1", c.left_ms.reset(), c.due_at = on(11, 25); });
  life.step("approve_request", State::pending_dispose, on(11, 22), [](core::Case& c) { c.due_at = on(11, 28), c.extensions = 1; });
  put({std::move(life.counts_from(on(11, 21), on(11, 28)))});
  EXPECT_EQ(total(10).due, 1);
  EXPECT_EQ(total(10).extended, 0) << "as October was read, nobody had asked";
  EXPECT_EQ(total(11).due, 1);
  EXPECT_EQ(total(11).extended, 1);
}

TEST_F(Closure, ACampaignCountedApartStandsInItsOwnTableOnly) {
  sql("INSERT INTO campaign (district, seq, key, zh, en, from_day, to_day, counted) VALUES "
      "('370871', 1, 'flood', '防汛', 'Flood', '2026-10-01', '2026-11-01', 'apart'), ('370871', 2, 'tidy', '创城', 'Tidy city', '2026-10-01', '2026-11-01', 'within'); "
      "UPDATE district SET version = version + 1");
  auto const of = [](int n, std::string const& campaign, bool apart) {
    auto one = Life(n, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 11)).close(on(10, 13)).save();
    one.after.campaign = campaign;
    if (apart) core::set_flag(one.after, "counted_apart:" + campaign);
    return one;
  };
  save({of(1, "", false), of(2, "flood", true), of(3, "tidy", false)});
  EXPECT_EQ(total(10).closed, 2) << "the month's, with the campaign counted within";
  auto r = request(10);
  r.campaign = "flood";
  EXPECT_EQ(reads->closure(r).total.closed, 1);
  EXPECT_FALSE(reads->closure(r).state) << "no part of a month that is made final";
  EXPECT_EQ(reads->indicators(r).total.counts.at("archive_num"), 1);
  r.campaign = "tidy";
  EXPECT_EQ(reads->closure(r).total.closed, 1);
  r.campaign = "*";
  EXPECT_EQ(reads->closure(r).total.closed, 3);
  r.campaign = "snow";
  EXPECT_THROW(reads->closure(r), storage::BadFilter);
}

TEST_F(Closure, ARowsUnitIsTheHandOversElseTheHolderAtTheEnd) {
  Life moved(1, on(10, 10)), late(2, on(10, 10));
  moved.dispatched("S1", on(10, 12)).step("recall", State::pending_dispatch, on(10, 11), [](core::Case& c) { c.left_ms = 1; });
  moved.step("dispatch", State::pending_dispose, on(10, 11, 1), [](core::Case& c) {
    c.unit = "U2";
    c.squad = "P1";
    c.left_ms.reset();
    c.due_at = on(10, 20);
  });
  moved.hand_over(on(10, 15)).close(on(10, 16));
  late.dispatched("S2", on(10, 12)).step("recall", State::pending_dispatch, on(11, 2), [](core::Case& c) { c.left_ms = -1; });
  late.step("dispatch", State::pending_dispose, on(11, 2, 1), [](core::Case& c) {
    c.unit = "U2";
    c.squad = "P1";
    c.left_ms.reset();
    c.due_at = on(11, 3);
  });
  put({moved, late});
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> due;
  for (auto const& row : table(10).rows) due[row.name] = {row.due, row.closed};
  EXPECT_EQ(due, (std::map<std::string, std::pair<std::int64_t, std::int64_t>>{{"市政处", {1, 0}}, {"园林处", {1, 1}}}));
  std::map<std::string, std::int64_t> squads;
  for (auto const& row : table(10, "squad").rows) squads[row.key] = row.due;
  EXPECT_EQ(squads, (std::map<std::string, std::int64_t>{{"P1", 1}, {"S2", 1}}));
  for (auto const& row : table(11).rows) due[row.name] = {row.due, row.closed};
  EXPECT_EQ(due.at("园林处"), (std::pair<std::int64_t, std::int64_t>{1, 0}));
}

// Signalen child_signals.py: duplicates end with their master, a repair goes on by itself, and each counts once.
TEST_F(Closure, AParentClosedItsChildrensWorkIsStillCountedOnce) {
  Life child(2, on(10, 10));
  child.step("merge", State::merged, on(10, 10, 1), [](core::Case& c) {
    c.merged_into = number(1);
    c.closed_at = on(10, 10, 1);
  });
  Life repair(3, on(10, 13));  // linked: what was left when the danger was removed
  put({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 11)).close(on(10, 13)), child,
       repair.dispatched("S1", on(10, 20)).hand_over(on(10, 15)).close(on(10, 16))});
  EXPECT_EQ(figures(total(10)), (Figures{2, 2, 2, 0, 0})) << "the master once, its duplicate never, the repair by its own";
  EXPECT_EQ(total(10).filed, 2);
}

TEST_F(Closure, FiledDispatchedAndOpenAtTheEnd) {
  Life unfiled(3, on(10, 20));
  put({Life(1, on(10, 10)).dispatched("S1", on(11, 12)), Life(2, on(9, 10)).dispatched("S1", on(9, 12)).hand_over(on(9, 11)).close(on(11, 1)), unfiled,
       Life(4, on(11, 10)).dispatched("S1", on(11, 12))});
  auto const october = total(10);
  EXPECT_EQ(october.filed, 1);
  EXPECT_EQ(october.dispatched, 1);
  EXPECT_EQ(october.open_at_end, 2);  // the one that ended at the first instant of November was open
  EXPECT_EQ(total(9).open_at_end, 1);
}

TEST_F(Closure, AMonthThatStillRunsIsReadAsOfNow) {
  put({Life(1, on(10, 10)).dispatched("S1", on(10, 12)), Life(2, on(10, 10)).dispatched("S1", on(10, 20)),
       Life(3, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 11)).close(on(10, 18))});
  EXPECT_EQ(figures(total(10, on(10, 15))), (Figures{1, 0, 0, 1, 0}));
  EXPECT_EQ(total(10, on(10, 15)).open_at_end, 3);
  EXPECT_EQ(figures(total(10, on(10, 25))), (Figures{3, 1, 1, 0, 0}));
}

TEST_F(Closure, EveryNumberOpensIntoExactlyItsCases) {
  std::vector<Life> lives;
  for (int n = 1; n <= 60; ++n) {
    Life life(n, on(9, 5 + n % 50 % 25, n % 24));
    life.dispatched(n % 3 == 0 ? "S1" : "S2", on(9, 10) + std::chrono::hours(n * 31), n % 4 == 0 ? "U2" : "U1");
    auto const last = life.now().last_at;
    if (n % 2 == 0) life.hand_over(last + std::chrono::hours(n * 17));
    if (n % 10 == 2) life.fail(last + std::chrono::hours(n * 19), last + std::chrono::hours(n * 21));
    else if (n % 4 == 0) life.close(last + std::chrono::hours(n * 25));
    if (n % 10 == 5) life.step("approve_request", State::forced_closed, last + std::chrono::hours(n * 20), [&](core::Case& c) { c.closed_at = c.last_at; });
    lives.push_back(life);
  }
  put(lives);
  constexpr std::array fields{"filed", "dispatched", "due", "carried_over", "closed", "closed_on_time", "reworked", "awaiting_check", "in_enforcement", "open_at_end"};
  for (int month : {9, 10, 11}) {
    for (std::string const by : {"unit", "squad", "district", "street", "class", "source"}) {
      auto const t = table(month, by, std::chrono::floor<core::Millis>(std::chrono::system_clock::now()));
      std::int64_t due = 0;
      auto rows = t.rows;
      for (auto const& row : rows) due += row.due;
      EXPECT_EQ(due, t.total.due);
      rows.push_back(t.total);
      for (auto const& row : rows) {
        std::int64_t const counts[]{row.filed, row.dispatched, row.due, row.carried_over, row.closed, row.closed_on_time, row.reworked, row.awaiting_check, row.in_enforcement, row.open_at_end};
        for (std::size_t i = 0; i < fields.size(); ++i) {
          storage::CaseFilter f;
          f.closure_month = t.month;
          f.closure_by = by;
          f.as_of = storage::format_utc(t.as_of);
          f.closure_key = &row == &rows.back() ? "" : row.key.empty() ? "-" : row.key;
          f.closure_field = fields[i];
          f.limit = 7;
          std::int64_t listed = 0;
          do {
            auto const page = reads->list_cases(principal(core::Role::leader), f);
            listed += static_cast<std::int64_t>(members(page.items, "case_no").size());
            f.cursor = page.next_cursor;
          } while (!f.cursor.empty());
          EXPECT_EQ(listed, counts[i]) << t.month << " by " << by << " " << row.key << " " << fields[i];
        }
      }
    }
  }
}

TEST_F(Closure, ScopeLeavesOnlyOnesOwnRows) {
  put({Life(1, on(10, 10)).dispatched("S1", on(10, 12)), Life(2, on(10, 10)).dispatched("P1", on(10, 12), "U2")});
  storage::ClosureRequest r;
  r.who = principal(core::Role::unit_head);
  r.who.unit = "U2";
  r.by = "squad";
  r.from = on(10, 1);
  r.to = on(11, 1);
  r.as_of = r.previous_as_of = on(11, 5);
  auto const t = reads->closure(r);
  ASSERT_EQ(t.rows.size(), 1u);
  EXPECT_EQ(t.rows[0].key, "P1");
  r.who = principal(core::Role::reporter);
  EXPECT_TRUE(reads->closure(r).rows.empty());
  r.by = "colour";
  EXPECT_THROW(reads->closure(r), storage::BadFilter);
}

TEST_F(Closure, AClosureListWithABadWordNamesIt) {
  auto const fails = [&](storage::CaseFilter f, std::string field) {
    try {
      reads->list_cases(principal(core::Role::leader), f);
      ADD_FAILURE() << field;
    } catch (storage::BadFilter const& e) {
      EXPECT_EQ(e.field, field);
    }
  };
  storage::CaseFilter f;
  f.closure_month = "2026-10";
  fails(f, "closure_field");
  f.closure_field = "due";
  f.closure_by = "colour";
  fails(f, "closure_by");
  f.closure_by = "unit";
  f.as_of = "noon";
  fails(f, "as_of");
  f.as_of = "";
  f.closure_month = "";
  f.closure_from = "2026-10-02";
  f.closure_to = "2026-10-01";
  fails(f, "closure_to");
}

}  // namespace
}  // namespace wangge::tests
