// Which days a question means and when its table is read.
#include <gtest/gtest.h>

#include "gateways/console/period.hpp"
#include "world.hpp"

namespace wangge::console {
namespace {

using test::at;

PeriodRead read(PeriodAsked asked, core::Calendar const& calendar = {}, core::Instant now = at("2027-06-01T00:00:00Z")) {
  auto const period = read_period(asked, calendar, now);
  if (auto const* bad = std::get_if<BadPeriod>(&period)) throw std::runtime_error("bad " + bad->field);
  return std::get<PeriodRead>(period);
}

std::string blamed(PeriodAsked asked) {
  auto const period = read_period(asked, core::Calendar(), at("2026-11-24T00:00:00Z"));
  auto const* bad = std::get_if<BadPeriod>(&period);
  return bad ? bad->field : "";
}

TEST(Period, AMonthIsTheDistrictsLocalMonth) {
  auto const p = read({.month = "2026-10"});
  EXPECT_EQ(p.label, "2026-10");
  EXPECT_EQ(p.from, at("2026-10-01T00:00:00+08:00"));
  EXPECT_EQ(p.to, at("2026-11-01T00:00:00+08:00"));
}

TEST(Period, IsReadThreeWorkingDaysAfterItsEndOverHolidays) {
  using namespace std::chrono;
  std::map<core::LocalDay, bool> holidays;
  for (unsigned d = 1; d <= 7; ++d) holidays[sys_days{2026y / October / day{d}}] = false;
  core::Calendar const calendar(minutes{480}, {{480, 720}, {840, 1080}}, holidays, sys_days{2026y / January / 1}, sys_days{2026y / December / 31});
  auto const p = read({.month = "2026-09"}, calendar);
  // 1 to 7 October rest; 8 and 9 are Thursday and Friday, the third working day is Monday the 12th.
  EXPECT_EQ(p.as_of, at("2026-10-13T00:00:00+08:00"));
  EXPECT_EQ(read({.month = "2026-10"}, calendar).previous_as_of, p.as_of) << "what the month before left is read at its T";
}

TEST(Period, IsNeverReadInTheFuture) {
  auto const now = at("2026-11-02T12:00:00+08:00");
  EXPECT_EQ(read({.month = "2026-10"}, {}, now).as_of, now);
  EXPECT_EQ(read({.month = "2026-10", .as_of = "2030-01-01T00:00:00Z"}, {}, now).as_of, now);
  EXPECT_EQ(read({.month = "2026-10", .as_of = "2026-11-01T00:00:00Z"}, {}, now).as_of, at("2026-11-01T00:00:00Z"));
}

TEST(Period, FromAndToAreBothIncluded) {
  auto const p = read({.from = "2026-10-05", .to = "2026-10-05"});
  EXPECT_EQ(p.from, at("2026-10-05T00:00:00+08:00"));
  EXPECT_EQ(p.to, at("2026-10-06T00:00:00+08:00"));
}

TEST(Period, LongerPeriodsLieAroundTheDayNamed) {
  struct Row {
    PeriodAsked asked;
    char const *label, *from, *to;
  };
  for (auto const& row : {Row{{.month = "2026-11", .period = "quarter"}, "2026-Q4", "2026-10-01", "2027-01-01"},
                          Row{{.from = "2026-02-28", .period = "quarter"}, "2026-Q1", "2026-01-01", "2026-04-01"},
                          Row{{.month = "2026-11", .period = "year"}, "2026", "2026-01-01", "2027-01-01"},
                          Row{{.from = "2026-11-24", .period = "week"}, "2026-11-23/2026-11-29", "2026-11-23", "2026-11-30"},
                          Row{{.from = "2026-11-22", .period = "week"}, "2026-11-16/2026-11-22", "2026-11-16", "2026-11-23"},
                          Row{{.from = "2026-11-24", .period = "day"}, "2026-11-24", "2026-11-24", "2026-11-25"},
                          Row{{.from = "2026-12-24", .period = "month"}, "2026-12", "2026-12-01", "2027-01-01"}}) {
    auto const p = read(row.asked);
    EXPECT_EQ(p.label, row.label);
    EXPECT_EQ(p.from, at(std::string(row.from) + "T00:00:00+08:00")) << row.label;
    EXPECT_EQ(p.to, at(std::string(row.to) + "T00:00:00+08:00")) << row.label;
  }
}

TEST(Period, WithoutAnyWordIsTheCurrentLocalMonth) {
  EXPECT_EQ(read({}, {}, at("2026-10-31T17:00:00Z")).label, "2026-11") << "in the district it is already November";
}

TEST(Period, WhatIsNoPeriodIsBlamedOnItsWord) {
  EXPECT_EQ(blamed({.month = "2026-13"}), "month");
  EXPECT_EQ(blamed({.month = "2026-1"}), "month");
  EXPECT_EQ(blamed({.from = "2026-02-30", .to = "2026-03-01"}), "from");
  EXPECT_EQ(blamed({.from = "2026-03-02", .to = "2026-03-01"}), "to");
  EXPECT_EQ(blamed({.from = "2026-03-02"}), "to");
  EXPECT_EQ(blamed({.to = "2026-03-02"}), "from");
  EXPECT_EQ(blamed({.month = "2026-10", .from = "2026-10-01", .to = "2026-10-02"}), "month");
  EXPECT_EQ(blamed({.month = "2026-10", .period = "fortnight"}), "period");
  EXPECT_EQ(blamed({.month = "2026-10", .as_of = "yesterday"}), "as_of");
}

}  // namespace
}  // namespace wangge::console
