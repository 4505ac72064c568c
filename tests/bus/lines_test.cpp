// Which dispatcher a gateway believes, and when it says Hello.
#include "gateways/link/lines.hpp"

#include <gtest/gtest.h>

namespace wangge::link {
namespace {

core::Instant at(std::int64_t ms) {
  return core::Instant(core::Millis(1'000'000 + ms));
}

v1::Envelope welcome(std::int64_t epoch, std::string const& district = "370871") {
  v1::Envelope e;
  e.mutable_welcome()->set_credit_bytes(1000);
  auto& d = *e.mutable_welcome()->add_districts();
  d.set_district(district);
  d.set_epoch(epoch);
  return e;
}
v1::Envelope not_owner(std::string const& district = "370871") {
  v1::Envelope e;
  e.mutable_not_owner()->set_district(district);
  return e;
}
v1::Envelope hello_again() {
  v1::Envelope e;
  e.mutable_hello_again();
  return e;
}
v1::Envelope beat(std::int64_t verified = 0) {
  v1::Envelope e;
  e.mutable_beat()->set_verified_backup(verified);
  return e;
}

struct TwoLines : testing::Test {
  Desk desk{"spool"};
  Lines lines{2, desk};
  // What line 0 says now: "hello", "beat", "anew hello", or "".
  std::string says(core::Instant now, std::size_t line = 0) {
    std::string said;
    for (auto const& w : lines.due(now))
      if (w.line == line) said = std::string(w.anew ? "anew " : "") + (w.hello ? "hello" : "beat");
    return said;
  }
};

TEST_F(TwoLines, HelloEachSecondUntilAWelcomeThenBeats) {
  EXPECT_EQ(says(at(0)), "hello");
  EXPECT_EQ(says(at(999)), "");
  EXPECT_EQ(says(at(1000)), "hello");
  lines.take_in(0, welcome(1), at(1500));
  EXPECT_TRUE(lines.connected());
  EXPECT_EQ(says(at(2000)), "beat");
}

// A frozen database under a living dispatcher: beats come, answers do not.
TEST_F(TwoLines, AfterAnUnansweredCommandOnlyATryNowAndThenIsSent) {
  lines.take_in(0, welcome(1), at(0));
  EXPECT_TRUE(lines.may_ask(0, at(0)));
  lines.unanswered(0, at(5000));
  EXPECT_FALSE(lines.may_ask(0, at(5001)));
  lines.take_in(0, beat(), at(5500));
  EXPECT_FALSE(lines.may_ask(0, at(6999))) << "a beat says nothing of the database";
  EXPECT_TRUE(lines.may_ask(0, at(7000))) << "one finds out";
  EXPECT_FALSE(lines.may_ask(0, at(7001)));
  EXPECT_TRUE(lines.may_ask(1, at(7001))) << "the other dispatcher answers";
  v1::Envelope answer;
  answer.mutable_command_answer()->set_status(200);
  lines.take_in(0, answer, at(8000));
  EXPECT_TRUE(lines.may_ask(0, at(8000)));
  lines.unanswered(0, at(9000));
  lines.take_in(0, welcome(2), at(9100));
  EXPECT_TRUE(lines.may_ask(0, at(9100))) << "a dispatcher that took over anew";
}

TEST_F(TwoLines, ASilentLineIsMadeAnewAndItsDistrictsHaveNoOwner) {
  lines.take_in(0, welcome(1), at(0));
  says(at(0));
  lines.take_in(0, beat(), at(3000));
  EXPECT_EQ(says(at(6500)), "beat");
  EXPECT_EQ(says(at(6501)), "anew hello");
  EXPECT_FALSE(lines.owner("370871"));
  EXPECT_FALSE(lines.connected());
}

TEST_F(TwoLines, WhoOwnsNoLongerIsAskedAgainAtOnce) {
  lines.take_in(0, welcome(1), at(0));
  says(at(0));
  lines.take_in(0, not_owner(), at(10));
  EXPECT_FALSE(lines.owner("370871"));
  EXPECT_EQ(says(at(11)), "hello") << "who waits for a beat to be answered waits for ever";
  lines.take_in(0, not_owner(), at(12));
  EXPECT_EQ(says(at(13)), "") << "but not once a frame";
}

TEST_F(TwoLines, ADispatcherThatDoesNotKnowUsGetsAHello) {
  lines.take_in(0, welcome(1), at(0));
  says(at(0));
  lines.take_in(0, hello_again(), at(10));
  EXPECT_FALSE(lines.connected());
  EXPECT_EQ(says(at(11)), "hello");
}

TEST_F(TwoLines, TheHigherEpochIsBelieved) {
  lines.take_in(0, welcome(5), at(0));
  lines.take_in(1, welcome(6), at(1));
  EXPECT_EQ(lines.owner("370871"), 1u);
  lines.take_in(0, welcome(5), at(2));  // a paused one wakes and greets
  EXPECT_EQ(lines.owner("370871"), 1u);
  lines.take_in(0, not_owner(), at(3));
  EXPECT_EQ(lines.owner("370871"), 1u) << "the old one's word about itself";
  lines.take_in(0, welcome(7), at(4));
  EXPECT_EQ(lines.owner("370871"), 0u);
}

TEST_F(TwoLines, OnlyThePresentOwnersWordOfItsPresentEpochCounts) {
  v1::ReportAnswer a;
  a.set_district("370871");
  a.set_epoch(5);
  EXPECT_FALSE(lines.current(0, a)) << "nobody was welcomed";
  lines.take_in(0, welcome(5), at(0));
  EXPECT_TRUE(lines.current(0, a));
  EXPECT_FALSE(lines.current(1, a));
  a.set_epoch(0);
  EXPECT_TRUE(lines.current(0, a)) << "a dispatcher of the release before does not say it";
  lines.take_in(1, welcome(1006), at(1));
  a.set_epoch(5);
  EXPECT_FALSE(lines.current(0, a)) << "it may speak of what the fail-over took";
  a.set_epoch(1006);
  EXPECT_TRUE(lines.current(1, a));
}

TEST_F(TwoLines, TheBackupOfEachDistrictIsThatOfItsOwner) {
  lines.take_in(0, welcome(1, "370811"), at(0));
  lines.take_in(1, welcome(1, "370871"), at(0));
  EXPECT_FALSE(lines.owned().at("370871").verified_backup);
  lines.take_in(0, beat(500), at(1));
  lines.take_in(1, beat(900), at(1));
  EXPECT_EQ(lines.owned().at("370811").verified_backup, core::Instant(core::Millis(500)));
  EXPECT_EQ(lines.owned().at("370871").verified_backup, core::Instant(core::Millis(900)));
  EXPECT_EQ(lines.owned().at("370871").epoch, 1);
  lines.take_in(1, welcome(2, "370871"), at(2));
  EXPECT_FALSE(lines.owned().at("370871").verified_backup) << "it was said under another epoch";
  lines.take_in(0, beat(0), at(2));
  EXPECT_FALSE(lines.owned().at("370811").verified_backup) << "it is not known any more";
  lines.take_in(0, not_owner("370811"), at(3));
  EXPECT_FALSE(lines.owned().contains("370811"));
}

}  // namespace
}  // namespace wangge::link
