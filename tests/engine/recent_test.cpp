#include "dispatcher/engine/recent.hpp"

#include <gtest/gtest.h>

#include "tests/engine/fixture.hpp"

namespace wangge::engine::test {
namespace {

core::Report at_place(double lon, double lat, core::Instant at) {
  auto r = core::test::a_report();
  r.lon = lon;
  r.lat = lat;
  r.reported_at = at;
  return r;
}

storage::RecentCase seen(std::string no, core::Report const& r) {
  return {std::move(no), r.category.standard, r.category.kind, r.category.code, r.component_id, r.lon, r.lat, r.reported_at};
}

TEST(Recent, TwinsLieWithinMetresAndHoursAndOneCategory) {
  auto const t = core::test::local(2026, 11, 24, 9, 0);
  RecentIndex index;
  index.add(seen("near", at_place(116.6001, 35.4001, t)));
  index.add(seen("far", at_place(116.6010, 35.4001, t)));
  index.add(seen("old", at_place(116.6001, 35.4001, t - std::chrono::hours(25))));
  auto other = at_place(116.6001, 35.4001, t);
  other.category.code = "99999";
  index.add(seen("other", other));
  auto const found = index.near(at_place(116.6000, 35.4000, t), t, 50, 24);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].case_no, "near");
}

TEST(Recent, ForgetsTheOldestAndStaysBounded) {
  RecentIndex index;
  auto const t = core::test::local(2026, 11, 24, 9, 0);
  for (std::size_t i = 0; i < RecentIndex::kMost + 10; ++i) index.add(seen(std::to_string(i), at_place(116.6, 35.4, t)));
  EXPECT_EQ(index.size(), RecentIndex::kMost);
  EXPECT_LE(index.near(at_place(116.6, 35.4, t), t, 50, 24).size(), 8u);
}

// A square that fills, is forgotten case by case, and fills again, beside others that hold one case each.
TEST(Recent, WhatIsForgottenIsTheOldestOfAll) {
  RecentIndex index;
  auto const t = core::test::local(2026, 11, 24, 9, 0);
  auto const busy = at_place(116.6, 35.4, t);
  auto const many = RecentIndex::kPerSquare + 10;
  for (std::size_t i = 0; i < many; ++i) index.add(seen("busy" + std::to_string(100 + i), busy));
  auto const elsewhere = [&](std::size_t i) { return at_place(110 + 0.002 * static_cast<double>(i % 1000), 30 + 0.002 * static_cast<double>(i / 1000), t); };
  for (std::size_t i = 0; i + many < RecentIndex::kMost; ++i) index.add(seen("one", elsewhere(i)));
  auto const newest = [&] {
    auto const found = index.near(busy, t, 50, 24);
    return found.empty() ? std::string("-") : found.back().case_no;
  };
  EXPECT_EQ(index.near(busy, t, 50, 24).size(), 8u);
  for (std::size_t i = 0; i + 1 < many; ++i) index.add(seen("two", elsewhere(500'000 + i)));
  EXPECT_EQ(index.near(busy, t, 50, 24).size(), 1u);
  EXPECT_EQ(newest(), "busy" + std::to_string(100 + many - 1));
  index.add(seen("two", elsewhere(600'000)));
  EXPECT_EQ(newest(), "-") << "the last of it";
  index.add(seen("again", busy));
  EXPECT_EQ(newest(), "again");
  EXPECT_EQ(index.size(), RecentIndex::kMost);
}

}  // namespace
}  // namespace wangge::engine::test
