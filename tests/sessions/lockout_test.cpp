// Tries are counted by name and by address; the wait doubles.
#include <gtest/gtest.h>

#include "gateways/sessions/lockout.hpp"

namespace wangge::sessions {
namespace {

core::Instant at(std::int64_t seconds) { return core::Instant{} + std::chrono::seconds{1'000'000 + seconds}; }
core::Millis s(std::int64_t seconds) { return std::chrono::seconds{seconds}; }

TEST(Lockout, TheWaitDoublesFromTheSixthFailureOn) {
  Lockout lockout;
  struct Row {
    std::int64_t now, wait;  // seconds: when the try came, what it was told
  };
  std::vector<Row> const rows{
      {0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0},  // five are free
      {5, 29},                                 // the fifth was at 4
      {33, 1}, {34, 0},                        // the sixth
      {35, 59}, {94, 0},                       // then a minute
      {95, 119}, {214, 0},                     // two
      {215, 239}, {454, 0},                    // four
      {455, 479}, {934, 0},                    // eight
      {935, 899}, {1834, 0},                   // a quarter of an hour, and no more
      {1835, 899}, {2734, 0},
  };
  for (auto const& row : rows) EXPECT_EQ(lockout.begin("wang", "10.0.0.1", at(row.now)), s(row.wait)) << "at " << row.now;
}

TEST(Lockout, AWaitThatIsAskedForIsNotCounted) {
  Lockout lockout;
  for (int i = 0; i < 5; ++i) lockout.begin("wang", "a", at(0));
  for (int i = 0; i < 100; ++i) EXPECT_GT(lockout.begin("wang", "a", at(10)), s(0));
  EXPECT_EQ(lockout.begin("wang", "a", at(30)), s(0));
}

TEST(Lockout, SuccessClearsTheNameAndNotTheAddress) {
  Lockout lockout;
  for (int i = 0; i < 5; ++i) lockout.begin("wang", "a", at(i));
  EXPECT_GT(lockout.begin("wang", "b", at(5)), s(0));
  lockout.succeeded("wang", "a");
  EXPECT_EQ(lockout.begin("wang", "b", at(5)), s(0));
  for (int i = 0; i < 25; ++i) EXPECT_EQ(lockout.begin("n" + std::to_string(i), "a", at(6)), s(0)) << i;
  // Four of the first five and 25 more stand against the address; one name after another does not get round it.
  EXPECT_EQ(lockout.begin("n25", "a", at(6)), s(0));
  EXPECT_GT(lockout.begin("n26", "a", at(6)), s(0));
  EXPECT_EQ(lockout.begin("n26", "c", at(6)), s(0)) << "another office";
}

TEST(Lockout, ManyAtOnceGainNothing) {
  Lockout lockout;
  int let_in = 0;
  for (int i = 0; i < 200; ++i) let_in += lockout.begin("wang", "a" + std::to_string(i), at(0)) == s(0) ? 1 : 0;
  EXPECT_EQ(let_in, 5) << "a try counts as failed until it succeeded";
}

TEST(Lockout, WhatWasNoTryIsTakenBack) {
  Lockout lockout;
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(lockout.begin("wang", "a", at(i)), s(0));
    lockout.take_back("wang", "a");
  }
}

TEST(Lockout, AnHourWithoutAFailureForgets) {
  Lockout lockout;
  for (int i = 0; i < 5; ++i) lockout.begin("wang", "a", at(0));
  EXPECT_GT(lockout.begin("wang", "a", at(1)), s(0));
  EXPECT_EQ(lockout.begin("wang", "a", at(3601)), s(0));
  EXPECT_EQ(lockout.begin("wang", "a", at(3602)), s(0)) << "counted anew";
}

TEST(Lockout, ItsMemoryIsBounded) {
  Lockout lockout(10);
  for (int i = 0; i < 5; ++i) lockout.begin("wang", "a", at(0));
  for (int i = 0; i < 100; ++i) lockout.begin("n" + std::to_string(i), "b" + std::to_string(i), at(1));
  EXPECT_EQ(lockout.begin("wang", "a", at(2)), s(0)) << "the oldest went: a flood of names costs no memory";
}

}  // namespace
}  // namespace wangge::sessions
