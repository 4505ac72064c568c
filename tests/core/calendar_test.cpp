// Work time: sessions, weekends, holidays, make-up days, and the inverse of adding and measuring.
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

struct Line {
  char const* words;
  Instant from;
  minutes work;
  Instant due;
};

TEST(Calendar, AddsWorkTimeOverSessionsWeekendsAndHolidays) {
  Line const lines[] = {
      {"inside one session", local(2025, 9, 22, 9, 0), 60min, local(2025, 9, 22, 10, 0)},
      {"over noon", local(2025, 9, 22, 11, 0), 120min, local(2025, 9, 22, 15, 0)},
      {"fills the morning exactly: ends at its end", local(2025, 9, 22, 9, 0), 180min, local(2025, 9, 22, 12, 0)},
      {"fills the day exactly: ends at its end", local(2025, 9, 22, 8, 0), 480min, local(2025, 9, 22, 18, 0)},
      {"one minute more spills over", local(2025, 9, 22, 9, 0), 181min, local(2025, 9, 22, 14, 1)},
      {"begins at night: counts from the next opening", local(2025, 9, 22, 22, 30), 60min, local(2025, 9, 23, 9, 0)},
      {"begins before opening", local(2025, 9, 22, 6, 0), 60min, local(2025, 9, 22, 9, 0)},
      {"begins at noon", local(2025, 9, 22, 12, 30), 60min, local(2025, 9, 22, 15, 0)},
      {"begins at a session's end", local(2025, 9, 22, 18, 0), 1min, local(2025, 9, 23, 8, 1)},
      {"Friday 17:00 + 4 h in an ordinary week", local(2025, 9, 19, 17, 0), 240min, local(2025, 9, 22, 11, 0)},
      {"Friday 17:00 + 4 h before a make-up Sunday", local(2025, 9, 26, 17, 0), 240min, local(2025, 9, 28, 11, 0)},
      {"over National Day into October 9", local(2025, 9, 30, 17, 0), 120min, local(2025, 10, 9, 9, 0)},
      {"two work days over National Day", local(2025, 9, 30, 8, 0), 960min, local(2025, 10, 9, 18, 0)},
      {"Friday after it, Saturday October 11 works", local(2025, 10, 10, 17, 0), 240min, local(2025, 10, 11, 11, 0)},
      {"Saturday October 11 evening: the Sunday rests", local(2025, 10, 11, 17, 0), 120min, local(2025, 10, 13, 9, 0)},
      {"on a holiday", local(2025, 10, 3, 10, 0), 30min, local(2025, 10, 9, 8, 30)},
      {"Spring Festival 2026 with both make-up Saturdays", local(2026, 2, 14, 17, 0), 120min, local(2026, 2, 24, 9, 0)},
      {"new year's eve over the holiday to Sunday January 4", local(2025, 12, 31, 17, 0), 120min,
       local(2026, 1, 4, 9, 0)},
  };
  for (auto const& line : lines) {
    auto const reached = center().add_work(line.from, line.work);
    EXPECT_EQ(local_text(reached.at), local_text(line.due)) << line.words;
    EXPECT_FALSE(reached.provisional) << line.words;
    EXPECT_EQ(center().work_between(line.from, reached.at), line.work) << line.words;
  }
}

TEST(Calendar, NoWorkIsTheInstantItself) {
  auto const night = local(2025, 9, 22, 23, 0);
  EXPECT_EQ(center().add_work(night, 0ms).at, night);
  EXPECT_EQ(center().take_work(night, 0ms), night);
}

TEST(Calendar, KnowsWhichDaysWork) {
  EXPECT_TRUE(center().works(center().local_day(local(2025, 9, 28, 12))));   // make-up Sunday
  EXPECT_FALSE(center().works(center().local_day(local(2025, 10, 1, 12))));  // holiday Wednesday
  EXPECT_FALSE(center().works(center().local_day(local(2025, 10, 12, 12))));
  EXPECT_TRUE(center().works(center().local_day(local(2025, 10, 13, 12))));
  EXPECT_EQ(center().local_minute(local(2025, 10, 13, 23, 59)), 1439);
  EXPECT_EQ(center().local_day(local(2025, 10, 13, 0, 0)), center().local_day(local(2025, 10, 13, 23, 59)));
}

TEST(Calendar, GoesOnMondayToFridayWhereNoYearIsLoadedAndSaysSo) {
  auto const reached = center().add_work(local(2026, 12, 31, 17, 0), 120min);
  EXPECT_EQ(local_text(reached.at),
            local_text(local(2027, 1, 1, 9, 0)));  // a Friday, holiday or not: nobody has said yet
  EXPECT_TRUE(reached.provisional);
  EXPECT_FALSE(center().add_work(local(2026, 12, 31, 8, 0), 480min).provisional);
  EXPECT_TRUE(center().add_work(local(2024, 12, 31, 17, 0), 120min).provisional);
  EXPECT_EQ(local_text(Calendar().add_work(local(2030, 5, 3, 17, 0), 240min).at), local_text(local(2030, 5, 6, 11, 0)));
  EXPECT_TRUE(Calendar().add_work(local(2030, 5, 3, 17, 0), 240min).provisional);
}

TEST(Calendar, CountsOverTheEdgesOfTheLoadedYears) {
  // 2027-01-04 to 08 is a plain week; from inside 2026 to inside 2027 the loaded holidays count and the others do not.
  EXPECT_EQ(center().work_between(local(2026, 12, 28), local(2027, 1, 11)), 10 * 480min);
  EXPECT_EQ(center().work_between(local(2024, 12, 23), local(2025, 1, 6)), 10 * 480min);
  EXPECT_EQ(center().work_between(local(2024, 1, 1), local(2028, 1, 1)),
            center().work_between(local(2024, 1, 1), local(2025, 1, 1)) +
                center().work_between(local(2025, 1, 1), local(2027, 1, 1)) +
                center().work_between(local(2027, 1, 1), local(2028, 1, 1)));
}

TEST(Calendar, FindsTheEndOfTheThirdWorkingDay) {
  auto const end_of_september = center().local_day(local(2025, 9, 30));
  EXPECT_EQ(local_text(center().end_of_working_day_after(end_of_september, 3)),
            local_text(local(2025, 10, 12)));  // 9, 10, 11
  EXPECT_EQ(local_text(center().end_of_working_day_after(center().local_day(local(2025, 8, 31)), 1)),
            local_text(local(2025, 9, 2)));
}

TEST(Calendar, RefusesSessionsThatMakeNoDay) {
  auto make = [](std::vector<Session> sessions) {
    return Calendar(480min, std::move(sessions), {}, LocalDay{}, LocalDay{});
  };
  EXPECT_THROW(make({}), std::invalid_argument);
  EXPECT_THROW(make({{480, 480}}), std::invalid_argument);
  EXPECT_THROW(make({{480, 720}, {700, 800}}), std::invalid_argument);
  EXPECT_THROW(make({{480, 1441}}), std::invalid_argument);
  EXPECT_NO_THROW(make({{0, 1440}}));
}

// A walk minute by minute, without prefix sums: what the fast way must equal.
Millis slow_between(Calendar const& calendar, Instant from, Instant to, std::vector<Session> const& sessions) {
  Millis total{0};
  for (auto at = from; at < to; at += 1min) {
    auto const minute = calendar.local_minute(at);
    for (auto const& s : sessions) {
      if (calendar.works(calendar.local_day(at)) && minute >= s.from_minute && minute < s.to_minute) total += 1min;
    }
  }
  return total;
}

TEST(CalendarProperty, FastCountEqualsAWalkMinuteByMinute) {
  std::mt19937_64 random(7);
  std::vector<Session> const sessions{{480, 720}, {840, 1080}};
  for (int i = 0; i < 60; ++i) {
    auto const from = local(2024, 12, 20) + minutes{random() % (760 * 1440)};
    auto const to = from + minutes{random() % (20 * 1440)};
    EXPECT_EQ(center().work_between(from, to), slow_between(center(), from, to, sessions))
        << local_text(from) << " .. " << local_text(to);
  }
}

TEST(CalendarProperty, AddingAndMeasuringAreInverse) {
  std::mt19937_64 random(11);
  Calendar const round_the_clock(480min, {{0, 1440}}, {}, LocalDay{Days{20000}}, LocalDay{Days{20400}});
  Calendar const odd(-210min, {{1, 2}, {500, 977}, {1439, 1440}}, {{LocalDay{Days{20005}}, true}},
                     LocalDay{Days{20000}}, LocalDay{Days{20400}});
  for (auto const* calendar : {&center(), &round_the_clock, &odd}) {
    for (int i = 0; i < 20'000; ++i) {
      auto const from = local(2023, 6, 1) + Millis{static_cast<std::int64_t>(random() % (5ull * 365 * 86'400'000))};
      Millis const work{static_cast<std::int64_t>(random() % (90ull * 86'400'000))};
      auto const to = calendar->add_work(from, work).at;
      ASSERT_GE(to, from);
      ASSERT_EQ(calendar->work_between(from, to), work) << local_text(from) << " + " << work.count();
      ASSERT_TRUE(work == 0ms || calendar->work_between(from, to - 1ms) < work) << "not the earliest such instant";
      auto const back = calendar->take_work(to, work);
      ASSERT_LE(back, to);
      ASSERT_EQ(calendar->work_between(back, to), work);
    }
  }
}

}  // namespace
}  // namespace wangge::core::test
