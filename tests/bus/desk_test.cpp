// What a caller is told, and that nothing said 2xx is ever refused afterwards.
#include "gateways/link/desk.hpp"

#include <gtest/gtest.h>

namespace wangge::link {
namespace {

using Kind = ReportOutcome::Kind;
using Stored = spool::Store::Appended::Kind;

core::Instant at(std::int64_t ms) { return core::Instant(core::Millis(1'000'000 + ms)); }

struct Fixture : testing::Test {
  Desk desk{"spool"};
  std::vector<ReportOutcome> told;

  void SetUp() override {
    desk.sender().on_welcome({{"370871", 0}}, 1 << 20);
    desk.sender().on_page(desk.sender().todo(at(0)).pages.at(0), {});
  }
  Desk::Done tell() {
    return [this](ReportOutcome out) { told.push_back(std::move(out)); };
  }
  spool::GroupCommit::Result result(Stored kind = Stored::stored, spool::RecordState state = spool::RecordState::queued) {
    spool::GroupCommit::Result r;
    r.kind = spool::GroupCommit::Result::Kind::appended;
    r.appended.kind = kind;
    r.appended.record.district = "370871";
    r.appended.record.seq = 1;
    r.appended.record.report_id = "r1";
    r.appended.record.state = state;
    r.appended.record.case_no = state == spool::RecordState::committed ? "no1" : "";
    return r;
  }
  v1::ReportAnswer passed() {  // the word on a record that came as refused
    auto a = answer(v1::ReportAnswer::KEY_CONFLICT);
    a.set_refused(true);
    return a;
  }
  v1::ReportAnswer answer(v1::ReportAnswer::Outcome outcome) {
    v1::ReportAnswer a;
    a.set_district("370871");
    a.set_spool_id("spool");
    a.set_seq(1);
    a.set_report_id("r1");
    a.set_outcome(outcome);
    a.set_case_no("no1");
    a.set_case_state("pending_dispose");
    return a;
  }
};

TEST_F(Fixture, TheWordInTimeMakesA201) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  EXPECT_TRUE(told.empty());
  desk.on_answer(answer(v1::ReportAnswer::COMMITTED));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, Kind::committed);
  EXPECT_EQ(told[0].case_no, "no1");
  EXPECT_FALSE(told[0].replayed);
  ASSERT_EQ(desk.take_outcomes(at(0)).size(), 1u);
}

TEST_F(Fixture, TheWordTooLateWasA202AndIsNotedAllTheSame) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  desk.time_out(at(499));
  EXPECT_TRUE(told.empty());
  desk.time_out(at(500));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, Kind::queued);
  desk.on_answer(answer(v1::ReportAnswer::COMMITTED));
  EXPECT_EQ(told.size(), 1u) << "nobody is answered twice";
  EXPECT_EQ(desk.take_outcomes(at(0)).size(), 1u);
}

TEST_F(Fixture, AnAsynchronousCallerIsAnsweredAtOnce) {
  desk.appended(result(), at(0), true, tell());
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, Kind::queued);
  EXPECT_TRUE(desk.sender().answered("370871", 1));
}

TEST_F(Fixture, ARetryAfterTheCommitIsReplayed) {
  desk.appended(result(Stored::same, spool::RecordState::committed), at(500), false, tell());
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, Kind::committed);
  EXPECT_TRUE(told[0].replayed);
}

TEST_F(Fixture, ARetryBeforeTheCommitWaitsWithTheFirst) {
  desk.appended(result(), at(500), false, tell());
  desk.appended(result(Stored::same), at(700), false, tell());
  desk.sender().todo(at(1));
  desk.on_answer(answer(v1::ReportAnswer::COMMITTED));
  ASSERT_EQ(told.size(), 2u);
  EXPECT_FALSE(told[0].replayed);
  EXPECT_TRUE(told[1].replayed);
}

TEST_F(Fixture, AConflictIsRefusedOnlyWhileNobodyWasTold2xxAndOnceItIsOnTheDisk) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  desk.on_answer(answer(v1::ReportAnswer::KEY_CONFLICT));
  desk.on_answer(answer(v1::ReportAnswer::KEY_CONFLICT));  // of a second sending
  desk.time_out(at(10'000));
  EXPECT_TRUE(told.empty()) << "neither 422, for a crash could forget it, nor 202";
  EXPECT_TRUE(desk.sender().todo(at(20'000)).send.empty()) << "and nothing is sent meanwhile";
  auto const outcomes = desk.take_outcomes(at(20'000));
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].state, spool::RecordState::refused);
  desk.noted(outcomes, true, at(20'000));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, Kind::key_conflict);
  // The dispatcher is told that it is final, so that its cursor may pass.
  auto const sent = desk.sender().todo(at(20'001)).send;
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_TRUE(sent[0].record.refused);
  EXPECT_FALSE(sent[0].record.answered);
  EXPECT_EQ(desk.sender().passed_below("370871"), 1) << "the dispatcher does not know it yet";
  desk.on_answer(answer(v1::ReportAnswer::KEY_CONFLICT));
  EXPECT_EQ(desk.sender().window_size(), 1u) << "a late word on the first sending";
  desk.on_answer(passed());
  EXPECT_EQ(desk.sender().passed_below("370871"), 2);
  EXPECT_EQ(desk.sender().window_size(), 0u);
  EXPECT_EQ(desk.take_outcomes(at(20'002)).size(), 1u);
}

TEST_F(Fixture, ARefusalThatDoesNotComeToTheDiskIsNone) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  desk.on_answer(answer(v1::ReportAnswer::KEY_CONFLICT));
  desk.appended(result(Stored::same), at(900), false, tell());  // a retry joins
  desk.noted(desk.take_outcomes(at(1)), false, at(1));
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].kind, Kind::queued);
  EXPECT_EQ(told[1].kind, Kind::queued);
  EXPECT_TRUE(desk.take_outcomes(at(5000)).empty());
  auto const sent = desk.sender().todo(at(2)).send;
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_TRUE(sent[0].record.answered) << "it becomes a case of its own";
}

TEST_F(Fixture, AConflictAfterA202IsSentAgainAsAnswered) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  desk.time_out(at(500));
  desk.on_answer(answer(v1::ReportAnswer::KEY_CONFLICT));
  EXPECT_TRUE(desk.take_outcomes(at(0)).empty());
  auto const again = desk.sender().todo(at(501));
  ASSERT_EQ(again.send.size(), 1u);
  EXPECT_TRUE(again.send[0].record.answered);
}

TEST_F(Fixture, AConflictIsNotRefusedToARetryWhenTheFirstHadIts202) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  desk.time_out(at(500));
  desk.appended(result(Stored::same), at(1500), false, tell());
  desk.on_answer(answer(v1::ReportAnswer::KEY_CONFLICT));
  EXPECT_EQ(told.size(), 1u);
  ASSERT_EQ(desk.sender().todo(at(502)).send.size(), 1u);
  desk.on_answer(answer(v1::ReportAnswer::COMMITTED));
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].kind, Kind::committed);
}

TEST_F(Fixture, ARetryOfARefusedReportIsRefusedAndNeverTold2xx) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  desk.on_answer(answer(v1::ReportAnswer::KEY_CONFLICT));
  // The spool does not know it yet: its row still says queued.
  desk.appended(result(Stored::same), at(900), false, tell());
  desk.appended(result(Stored::same), at(900), true, tell());
  desk.time_out(at(10'000));
  EXPECT_TRUE(told.empty());
  desk.noted(desk.take_outcomes(at(900)), true, at(900));
  ASSERT_EQ(told.size(), 3u);
  // Now it does.
  auto later = result(Stored::same, spool::RecordState::refused);
  later.appended.record.refused = true;
  desk.appended(later, at(2000), false, tell());
  later.appended.record.state = spool::RecordState::queued;  // on its way to be refused again
  desk.appended(later, at(2000), true, tell());
  ASSERT_EQ(told.size(), 5u);
  for (auto const& out : told) EXPECT_EQ(out.kind, Kind::key_conflict);
  desk.time_out(at(10'000));
  EXPECT_EQ(told.size(), 5u);
}

TEST_F(Fixture, ARetryThatMeetsACommittedReportBeforeTheSpoolKnowsGetsItsNumberAtOnce) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  desk.on_answer(answer(v1::ReportAnswer::COMMITTED));
  desk.appended(result(Stored::same), at(900), false, tell());
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].kind, Kind::committed);
  EXPECT_EQ(told[1].case_no, "no1");
  EXPECT_TRUE(told[1].replayed);
}

TEST_F(Fixture, TheOtherBodyIsAskedToComeAgainWhileTheSpoolLearnsThatTheFirstWasRefused) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  desk.on_answer(answer(v1::ReportAnswer::KEY_CONFLICT));
  desk.appended(result(Stored::conflict), at(900), false, tell());
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, Kind::overloaded) << "it may be the one that has a case";
}

TEST_F(Fixture, ARefusedReportThatIsAskedAgainStaysRefused) {
  spool::Record r = result().appended.record;
  r.refused = true;
  desk.sender().on_welcome({{"370871", 0}}, 1 << 20);
  desk.sender().on_page(desk.sender().todo(at(0)).pages.at(0), {r});
  auto const sent = desk.sender().todo(at(1)).send;
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_FALSE(sent[0].record.answered) << "its caller was told 422";
  EXPECT_TRUE(sent[0].record.refused);
  desk.on_answer(passed());
  auto const outcomes = desk.take_outcomes(at(2));
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].state, spool::RecordState::refused);
  EXPECT_EQ(desk.sender().window_size(), 0u);
}

TEST_F(Fixture, AWordThatCouldNotBeSettledComesAgain) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  desk.on_answer(answer(v1::ReportAnswer::COMMITTED));
  auto const first = desk.take_outcomes(at(1));
  ASSERT_EQ(first.size(), 1u);
  EXPECT_TRUE(desk.take_outcomes(at(1)).empty());
  desk.noted(first, false, at(1));
  EXPECT_TRUE(desk.take_outcomes(at(2)).empty()) << "not at once";
  auto const again = desk.take_outcomes(at(1001));
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].case_no, "no1");
  desk.noted(again, true, at(1001));
  EXPECT_TRUE(desk.take_outcomes(at(5000)).empty());
}

TEST_F(Fixture, APageReadBeforeTheWordWasSettledDoesNotBringTheRecordBack) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  desk.on_answer(answer(v1::ReportAnswer::COMMITTED));
  Sender::Page page;
  page.district = "370871";
  page.welcome = 1;
  desk.on_page(page, {result().appended.record});  // as the spool still shows it
  EXPECT_EQ(desk.sender().window_size(), 0u);
  desk.noted(desk.take_outcomes(at(2)), true, at(2));
}

TEST_F(Fixture, AWordOfBeforeAFailOverDoesNotReachTheSpoolAfterIt) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  desk.on_answer(answer(v1::ReportAnswer::COMMITTED));
  auto const under_way = desk.take_outcomes(at(1));
  desk.on_welcome({{"370871", 0}}, 1 << 20);  // the database does not have it any more
  desk.noted(under_way, false, at(1));        // and the disk had no room
  EXPECT_TRUE(desk.take_outcomes(at(5000)).empty()) << "settled now it would never be sent again";
  desk.on_page(desk.sender().todo(at(5000)).pages.at(0), {result().appended.record});
  EXPECT_EQ(desk.sender().window_size(), 1u);
}

TEST_F(Fixture, ThatARefusedSeqWasPassedIsForgottenWithTheDatabaseThatPassedIt) {
  desk.appended(result(), at(500), false, tell());
  desk.sender().todo(at(1));
  desk.on_answer(answer(v1::ReportAnswer::KEY_CONFLICT));
  desk.noted(desk.take_outcomes(at(1)), true, at(1));
  desk.sender().todo(at(2));
  desk.on_answer(passed());
  desk.on_welcome({{"370871", 0}}, 1 << 20);
  EXPECT_TRUE(desk.take_outcomes(at(3)).empty()) << "settled now, its seq would never pass";
  auto refused = result().appended.record;
  refused.refused = true;
  desk.on_page(desk.sender().todo(at(3)).pages.at(0), {refused});
  EXPECT_EQ(desk.sender().window_size(), 1u);
}

TEST_F(Fixture, AnAnswerForAnotherSpoolIsNotOurs) {
  desk.appended(result(), at(500), false, tell());
  auto a = answer(v1::ReportAnswer::COMMITTED);
  a.set_spool_id("copied-from");
  desk.on_answer(a);
  EXPECT_TRUE(told.empty());
}

TEST_F(Fixture, StoppingTellsEverybodyQueued) {
  desk.appended(result(), at(500), false, tell());
  desk.release();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, Kind::queued);
}

TEST_F(Fixture, AFullOrBrokenSpoolIsSaidPlainly) {
  spool::GroupCommit::Result r;
  r.kind = spool::GroupCommit::Result::Kind::full;
  desk.appended(r, at(500), false, tell());
  r.kind = spool::GroupCommit::Result::Kind::overloaded;
  desk.appended(r, at(500), false, tell());
  r.kind = spool::GroupCommit::Result::Kind::broken;
  desk.appended(r, at(500), false, tell());
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[0].kind, Kind::spool_full);
  EXPECT_EQ(told[1].kind, Kind::overloaded);
  EXPECT_EQ(told[2].kind, Kind::broken);
}

}  // namespace
}  // namespace wangge::link
