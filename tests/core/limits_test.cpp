// Deadlines on the four clocks, their warnings and lights, and what is left of them.
#include <gtest/gtest.h>

#include <random>

#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

Calendar const& center() {
  static City const city = small_city();
  return city.calendars.at("center");
}

TEST(Limits, EachClockRunsItsOwnWay) {
  auto const friday = local(2025, 9, 19, 17, 0);
  struct Line {
    Limit limit;
    Instant due, warn;
  };
  Line const lines[] = {
      {{ClockKind::urgent, 120}, local(2025, 9, 19, 19, 0), local(2025, 9, 19, 18, 36)},
      {{ClockKind::work_hour, 240}, local(2025, 9, 22, 11, 0), local(2025, 9, 22, 10, 12)},
      {{ClockKind::work_day, 960}, local(2025, 9, 23, 17, 0), local(2025, 9, 23, 11, 48)},
      {{ClockKind::natural_day, 1440}, local(2025, 9, 20, 17, 0), local(2025, 9, 20, 12, 12)},
  };
  for (auto const& line : lines) {
    auto const d = deadline(center(), line.limit, friday);
    EXPECT_EQ(local_text(d.due), local_text(line.due)) << id(line.limit.clock);
    EXPECT_EQ(local_text(d.warn), local_text(line.warn)) << id(line.limit.clock);
    EXPECT_FALSE(d.provisional);
  }
}

TEST(Limits, ADeadlineBeyondTheCalendarIsProvisional) {
  EXPECT_TRUE(deadline(center(), {ClockKind::work_day, 4800}, local(2026, 12, 25, 9, 0)).provisional);
  EXPECT_FALSE(
      deadline(center(), {ClockKind::urgent, 100'000}, local(2026, 12, 25, 9, 0)).provisional);  // needs no calendar
}

TEST(Limits, WhatIsLeftIsNegativeOnceLate) {
  auto const due = local(2025, 9, 22, 10, 0);
  EXPECT_EQ(left_at(center(), ClockKind::work_hour, local(2025, 9, 19, 17, 0), due), 180min);
  EXPECT_EQ(left_at(center(), ClockKind::work_hour, local(2025, 9, 22, 14, 30), due), -150min);
  EXPECT_EQ(left_at(center(), ClockKind::urgent, local(2025, 9, 22, 14, 30), due), -270min);
}

TEST(LimitsProperty, APauseNeverAddsOrLosesAMillisecond) {
  std::mt19937_64 random(23);
  for (int i = 0; i < 20'000; ++i) {
    auto const clock = static_cast<ClockKind>(random() % 4);
    Millis const whole = minutes{1 + random() % 9600};
    auto at = local(2025, 3, 1) + Millis{static_cast<std::int64_t>(random() % (600ull * 86'400'000))};
    auto const start = deadline_left(center(), clock, at, whole, whole);
    auto due = start.due;
    Millis used{0};
    for (int pause = 0; pause < 3; ++pause) {
      auto const stop = at + Millis{static_cast<std::int64_t>(random() % (6ull * 86'400'000))};
      auto const left = left_at(center(), clock, stop, due);
      used += left_at(center(), clock, at, stop);
      ASSERT_EQ(used + left, whole) << id(clock) << " seed line " << i;
      at = stop + Millis{static_cast<std::int64_t>(random() % (40ull * 86'400'000))};
      due = deadline_left(center(), clock, at, left, whole).due;
      ASSERT_EQ(left_at(center(), clock, at, due), left) << id(clock) << " seed line " << i;
    }
  }
}

// objectstack #13655.
TEST(Limits, FridaySeventeenPlusFourWorkingHours) {
  auto const city = small_city();
  auto const due = deadline(city.calendar_of("city_a"), {ClockKind::work_hour, 240}, local(2025, 9, 19, 17, 0)).due;
  EXPECT_EQ(local_text(due), local_text(local(2025, 9, 22, 11, 0))) << "one hour on Friday, three on Monday";
}

TEST(Limits, APauseOverAWeekendAddsNoDay) {
  auto const friday = local(2025, 9, 19, 17, 0), monday = local(2025, 9, 22, 9, 0);
  auto const left = left_at(center(), ClockKind::work_day, friday, local(2025, 9, 22, 17, 0));
  EXPECT_EQ(left, 480min);
  EXPECT_EQ(local_text(deadline_left(center(), ClockKind::work_day, monday, left, 480min).due),
            local_text(local(2025, 9, 23, 9, 0)));
}

TEST(Light, TurnsYellowAtFourFifthsAndRedAfterTheDue) {
  World w;
  w.walk_to(State::pending_dispose);
  EXPECT_EQ(light(w.c, *w.c.warn_at - 1ms), "green");
  EXPECT_EQ(light(w.c, *w.c.warn_at), "yellow");
  EXPECT_EQ(light(w.c, *w.c.due_at), "yellow");
  EXPECT_EQ(light(w.c, *w.c.due_at + 1ms), "red");
}

TEST(Light, IsDarkBeforeDispatchAndAfterTheEnd) {
  World before, after;
  before.walk_to(State::pending_dispatch);
  after.walk_to(State::closed);
  EXPECT_EQ(light(before.c, before.now + 1000h), "");
  EXPECT_EQ(light(after.c, after.now), "");
}

TEST(Light, StandsStillWithTheClock) {
  World handed_over, recalled;
  handed_over.walk_to(State::pending_review);
  EXPECT_EQ(light(handed_over.c, handed_over.now + 1000h), "green");
  recalled.walk_to(State::pending_dispose);
  recalled.now = *recalled.c.warn_at + 1ms;
  recalled.do_(Role::dispatch_officer, "recall");
  EXPECT_EQ(light(recalled.c, recalled.now + 1000h), "yellow");
}

}  // namespace
}  // namespace wangge::core::test
