// A planned day is the same for ever, is possible, and its known answers are what its lives say.
#include "deploy/demo/days.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "deploy/city/table.hpp"
#include "deploy/demo/demo.hpp"
#include "dispatcher/core/decide.hpp"

namespace wangge::deploy {
namespace {

using namespace std::chrono_literals;

storage::standing::StandingSet const& demo() {
  static auto const set = demo_set();
  return set;
}

TEST(Days, SameSeedAndDateGiveTheSameDay) {
  auto const a = plan_day(demo(), "2026-11-23", 7, 300), b = plan_day(demo(), "2026-11-23", 7, 300);
  ASSERT_EQ(a.reports.size(), 300u);
  for (std::size_t i = 0; i < a.reports.size(); ++i) {
    EXPECT_EQ(a.reports[i].key, b.reports[i].key);
    EXPECT_EQ(a.reports[i].description, b.reports[i].description);
    EXPECT_EQ(a.reports[i].at, b.reports[i].at);
    EXPECT_EQ(a.reports[i].lon, b.reports[i].lon);
    EXPECT_EQ(a.reports[i].steps.size(), b.reports[i].steps.size());
  }
  auto const other = plan_day(demo(), "2026-11-22", 7, 300);
  EXPECT_NE(a.reports[0].lon, other.reports[0].lon);
}

TEST(Days, EveryStepLiesInsideTheDayAndNeverRunsBackwards) {
  for (char const* date :
       {"2026-11-23", "2026-11-22", "2026-10-01", "2026-02-28"}) {  // work day, Sunday, holiday, make-up day
    auto const midnight = core::Instant(*parse_day(date)) - 8h;
    for (std::uint64_t seed : {1, 2, 3}) {
      for (auto const& r : plan_day(demo(), date, seed, 300).reports) {
        EXPECT_GE(r.at, midnight + 7h) << r.key;
        EXPECT_LE(r.at, midnight + 21h + 30min) << r.key;
        auto last = r.at;
        for (auto const& step : r.steps) {
          EXPECT_GE(step.at, last) << r.key << " " << step.action;
          last = step.at;
        }
        EXPECT_LT(last, midnight + 24h) << r.key << " " << id(r.fate);
      }
    }
  }
}

// The plan's lateness, judged once more from its steps alone.
TEST(Days, LateIsLateAndOnTimeIsOnTime) {
  int late = 0;
  for (char const* date : {"2026-11-23", "2026-11-22"}) {
    for (auto const& r : plan_day(demo(), date, 1, 300).reports) {
      core::Instant handed{};
      for (auto const& step : r.steps) {
        if (step.action == "dispose") handed = step.at;
      }
      if (r.fate == Fate::closed_late) {
        EXPECT_GT(handed, r.due_at) << r.key;
        ++late;
      }
      if (r.fate == Fate::closed || r.fate == Fate::checking) {
        EXPECT_LE(handed, r.due_at) << r.key;
      }
    }
  }
  EXPECT_GT(late, 10);
}

TEST(Days, ADayHasEveryFateAndBelievableSources) {
  std::set<Fate> fates;
  int patrol = 0;
  auto const plan = plan_day(demo(), "2026-11-23", 1, 300);
  for (auto const& r : plan.reports) {
    fates.insert(r.fate);
    patrol += r.source == "patrol";
  }
  EXPECT_EQ(fates.size(), kFates);
  EXPECT_GT(patrol, 230);
}

TEST(Days, KnownAnswersAddUp) {
  auto const plan = plan_day(demo(), "2026-11-23", 1, 300);
  auto const expected = expect(plan, *parse_day("2026-11-24"));
  ExpectedCounts sum;
  for (auto const& [unit, c] : expected.by_unit) {
    sum.filed += c.filed;
    sum.dispatched += c.dispatched;
    sum.due += c.due;
    sum.closed += c.closed;
    sum.closed_on_time += c.closed_on_time;
    sum.reworked += c.reworked;
    sum.awaiting_check += c.awaiting_check;
  }
  EXPECT_EQ(sum, expected.total);
  auto const& t = expected.total;
  EXPECT_LT(t.closed_on_time, t.closed);
  EXPECT_LE(t.closed, t.due);
  EXPECT_GT(t.reworked, 0);
  EXPECT_GT(t.awaiting_check, 0);
  // Later the waiting ones pass their deadlines and become due.
  EXPECT_GT(expect(plan, *parse_day("2026-12-31")).total.due, t.due);
}

TEST(Days, PhotosAreJpegsOfTheirOwn) {
  auto const a = demo_photo("a"), b = demo_photo("b");
  EXPECT_NE(a, b);
  EXPECT_EQ(a, demo_photo("a"));
  for (auto const& photo : {a, b}) {
    EXPECT_TRUE(photo.starts_with("\xFF\xD8\xFF\xFE"));
    EXPECT_TRUE(photo.ends_with("\xFF\xD9"));
  }
}

TEST(Days, YesterdayIsTheDistrictsOwn) {
  auto const at = core::Instant(*parse_day("2026-11-23")) + 20h;  // 04:00 on the 24th in Jining
  EXPECT_EQ(yesterday(480, at), "2026-11-23");
  EXPECT_EQ(yesterday(0, at), "2026-11-22");
}

}  // namespace
}  // namespace wangge::deploy
