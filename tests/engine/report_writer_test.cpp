#include "dispatcher/engine/report_writer.hpp"

#include <gtest/gtest.h>

#include "tests/engine/fixture.hpp"

namespace wangge::engine::test {
namespace {

using Answer = v1::ReportAnswer;

struct Reports : testing::Test {
  City c;
  storage::MemoryStore store{c.database};
  std::vector<std::string> alarms;
  ReportWriter writer{c.city.district, store, [this](std::string a) { alarms.push_back(std::move(a)); }};
  core::Instant now = core::test::local(2026, 11, 24, 9, 0);

  void SetUp() override { begin(); }
  void begin() { writer.begin(store.take_over(c.city.district, "test"), c.world(), {}); }
  std::vector<ReportOut> process(std::vector<ReportIn> batch) {
    Touched touched;
    return writer.process(batch, now, touched);
  }
};

TEST_F(Reports, OneReportMakesOneCaseAndOneFrozenAnswer) {
  auto const out = process({report_in(c, 1)});
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].answer.outcome(), Answer::COMMITTED);
  EXPECT_EQ(out[0].answer.case_no().substr(0, 14), c.city.district + "20261124");
  EXPECT_GE(out[0].answer.case_no().size(), 19u);
  auto const again = process({report_in(c, 1)});
  EXPECT_EQ(again[0].answer.outcome(), Answer::REPLAYED);
  EXPECT_EQ(again[0].answer.case_no(), out[0].answer.case_no());
  EXPECT_EQ(again[0].answer.case_state(), out[0].answer.case_state());
  EXPECT_EQ(c.now().cases.size(), 1u);
}

TEST_F(Reports, TheSameReportTwiceInOneBatchIsOneCase) {
  auto const out = process({report_in(c, 1), report_in(c, 1)});
  EXPECT_EQ(out[0].answer.outcome(), Answer::COMMITTED);
  EXPECT_EQ(out[1].answer.outcome(), Answer::REPLAYED);
  EXPECT_EQ(out[1].answer.case_no(), out[0].answer.case_no());
}

TEST_F(Reports, AnotherBodyUnderTheKeyIsRefusedBeforeA2xx) {
  process({report_in(c, 1, "k")});
  auto const out = process({report_in(c, 2, "k")});
  EXPECT_EQ(out[0].answer.outcome(), Answer::KEY_CONFLICT);
  EXPECT_EQ(c.now().cases.size(), 1u);
  EXPECT_EQ(writer.cursor("spool"), 1) << "its gateway may yet send it as answered, and the case could be lost with a fail-over";
  auto for_good = report_in(c, 2, "k");
  for_good.refused = true;
  auto const passed = process({for_good})[0].answer;
  EXPECT_EQ(passed.outcome(), Answer::KEY_CONFLICT);
  EXPECT_TRUE(passed.refused());
  EXPECT_FALSE(out[0].answer.refused());
  EXPECT_EQ(writer.cursor("spool"), 2) << "refused for good, it does not hold the cursor back";
  EXPECT_EQ(c.now().cursors.at("spool"), 2);
  EXPECT_EQ(c.now().cases.size(), 1u);
}

TEST_F(Reports, AnotherBodyAfterA2xxBecomesAFlaggedCaseOfItsOwn) {
  process({report_in(c, 1, "k")});
  auto in = report_in(c, 2, "k");
  in.report.answered = true;
  auto const out = process({in});
  EXPECT_EQ(out[0].answer.outcome(), Answer::COMMITTED);
  auto const row = c.now().cases.at(out[0].answer.case_no());
  EXPECT_TRUE(row.key_conflict);
  EXPECT_EQ(row.state, core::State::pending_accept);
  EXPECT_EQ(process({in})[0].answer.outcome(), Answer::REPLAYED);
  EXPECT_EQ(c.now().cases.size(), 2u);
}

TEST_F(Reports, ARefusedOneMakesNoCaseAlsoWhenTheOtherBodyIsGone) {
  auto in = report_in(c, 1, "k");
  in.refused = true;  // the database went back, and the body that had the key has not come again yet
  EXPECT_EQ(process({in})[0].answer.outcome(), Answer::KEY_CONFLICT);
  EXPECT_TRUE(c.now().cases.empty());
  EXPECT_EQ(writer.cursor("spool"), 1);
  process({report_in(c, 2, "k")});
  EXPECT_EQ(c.now().cases.size(), 1u);
}

TEST_F(Reports, AnUnreadableOneIsSetAsideAndTheOthersOfItsBatchGoOn) {
  std::vector<ReportIn> batch;
  for (int i = 1; i <= 5; ++i) batch.push_back(report_in(c, i));
  batch[2].unreadable = "the spool's record is damaged";
  auto const out = process(batch);
  for (auto const& o : out)
    EXPECT_EQ(o.answer.outcome(), o.answer.seq() == 3 ? Answer::DEAD_LETTER : Answer::COMMITTED) << o.answer.seq();
  ASSERT_EQ(c.now().dead_letters.size(), 1u);
  EXPECT_EQ(c.now().dead_letters[0].error, "the spool's record is damaged");
  EXPECT_EQ(writer.cursor("spool"), 5);
  EXPECT_EQ(alarms.size(), 1u);
}

TEST_F(Reports, ANumberAnsweredBeforeIsUsedAgain) {
  auto in = report_in(c, 1);
  in.report.case_no = c.city.district + "2026112400777";
  EXPECT_EQ(process({in})[0].answer.case_no(), in.report.case_no);
}

TEST_F(Reports, ANumberThatIsTakenIsNotTakenTwice) {
  auto const first = process({report_in(c, 1)})[0].answer.case_no();
  auto in = report_in(c, 2);
  in.report.case_no = first;
  EXPECT_NE(process({in})[0].answer.case_no(), first);
  EXPECT_EQ(alarms.size(), 1u);
}

TEST_F(Reports, ThePoisonedRowIsFoundByHalvingAndSetAside) {
  c.database->poison = [](storage::CaseSave const& s) { return s.after.report_id == "r5"; };
  std::vector<ReportIn> batch;
  for (int i = 1; i <= 9; ++i) batch.push_back(report_in(c, i));
  auto const out = process(batch);
  ASSERT_EQ(out.size(), 9u);
  for (auto const& o : out)
    EXPECT_EQ(o.answer.outcome(), o.answer.report_id() == "r5" ? Answer::DEAD_LETTER : Answer::COMMITTED) << o.answer.report_id();
  EXPECT_EQ(c.now().cases.size(), 8u);
  ASSERT_EQ(c.now().dead_letters.size(), 1u);
  EXPECT_EQ(c.now().dead_letters[0].payload, "payload");
  EXPECT_EQ(writer.cursor("spool"), 9);
  EXPECT_EQ(alarms.size(), 1u);
}

TEST_F(Reports, TheCursorWaitsForTheMissingOne) {
  process({report_in(c, 1), report_in(c, 3)});
  EXPECT_EQ(writer.cursor("spool"), 1);
  EXPECT_EQ(c.now().cursors.at("spool"), 1);
  process({report_in(c, 2)});
  EXPECT_EQ(writer.cursor("spool"), 3);
  EXPECT_EQ(c.now().cursors.at("spool"), 3);
}

TEST_F(Reports, ABrokenTransactionMovesNothing) {
  c.database->fault = [](char const*) { return storage::Fault::broken; };
  EXPECT_THROW(process({report_in(c, 1)}), storage::Broken);
  EXPECT_EQ(writer.cursor("spool"), 0);
  c.database->fault = {};
  begin();
  EXPECT_EQ(process({report_in(c, 1)})[0].answer.outcome(), Answer::COMMITTED);
}

TEST_F(Reports, ACommitInDoubtIsFoundByItsKeys) {
  int n = 0;
  c.database->fault = [&](char const* verb) {
    return std::string_view(verb) == "save" && n++ == 0 ? storage::Fault::in_doubt_committed : storage::Fault::none;
  };
  EXPECT_THROW(process({report_in(c, 1)}), storage::InDoubt);
  begin();
  auto const out = process({report_in(c, 1)});
  EXPECT_EQ(out[0].answer.outcome(), Answer::REPLAYED);
  EXPECT_EQ(c.now().cases.size(), 1u);
}

TEST_F(Reports, AnOldEpochWritesNothing) {
  storage::MemoryStore other(c.database);
  other.take_over(c.city.district, "other");
  EXPECT_THROW(process({report_in(c, 1)}), storage::Broken) << "its connection was ended";
  EXPECT_THROW(process({report_in(c, 1)}), storage::StaleEpoch);
  EXPECT_TRUE(c.now().cases.empty());
}

TEST_F(Reports, APointInNoCellWaitsForAPerson) {
  auto const out = process({report_in(c, 1, "", 0.0)});
  EXPECT_TRUE(out[0].answer.place_unusable());
  EXPECT_EQ(out[0].answer.case_state(), "pending_accept");
}

TEST_F(Reports, ANearReportOfTheSameKindIsProposedAsTwin) {
  auto const first = process({report_in(c, 1)})[0].answer.case_no();
  auto const second = process({report_in(c, 2, "", 116.6052)})[0].answer.case_no();  // about 18 m
  auto const far = process({report_in(c, 3, "", 116.608)})[0].answer.case_no();
  EXPECT_EQ(c.now().cases.at(second).twins, std::vector<std::string>{first});
  EXPECT_TRUE(c.now().cases.at(far).twins.empty());
}

TEST_F(Reports, TheSameComponentInTheSameConditionMergesByItself) {
  auto const of_component = [&](std::int64_t seq, std::string component = "37087100100100001") {
    auto in = report_in(c, seq);
    in.report.component_id = std::move(component);
    return in;
  };
  auto const first = process({of_component(1), of_component(2), of_component(3, "37087100100100002")});
  auto const master = first[0].answer.case_no();
  EXPECT_EQ(first[1].answer.case_state(), "merged") << "of one batch";
  EXPECT_EQ(first[2].answer.case_state(), "pending_dispose") << "another component";
  auto const later = process({of_component(4), of_component(5)});
  for (auto const& out : later) {
    EXPECT_EQ(out.answer.case_state(), "merged");
    EXPECT_EQ(c.now().cases.at(out.answer.case_no()).merged_into, master);
  }
  EXPECT_EQ(c.now().cases.at(master).duplicates, 3);
  auto const open = std::ranges::count_if(c.now().tasks, [](auto const& t) { return t.second.task.open; });
  EXPECT_EQ(open, 2) << "nobody is sent twice";
  begin();  // after a start the newest open cases are known again
  auto const again = c.now();
  EXPECT_EQ(again.cases.size(), 5u) << "each report is a case";
}

}  // namespace
}  // namespace wangge::engine::test
