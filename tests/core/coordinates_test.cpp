// GCJ-02 and back.
#include <gtest/gtest.h>

#include <cmath>

#include "dispatcher/core/coordinates.hpp"

namespace wangge::core {
namespace {

TEST(Gcj02, TheInverseUndoesTheShiftEverywhereInTheCountry) {
  for (double lon = 74; lon < 135; lon += 3.7)
    for (double lat = 18; lat < 54; lat += 2.3) {
      auto const shifted = gcj02_from_wgs84({lon, lat});
      auto const back = wgs84_from_gcj02(shifted);
      EXPECT_NEAR(back.lon, lon, 1e-9);
      EXPECT_NEAR(back.lat, lat, 1e-9);
      EXPECT_GT(std::hypot(shifted.lon - lon, shifted.lat - lat), 1e-5) << lon << ' ' << lat;
    }
}

// A published pair of the algorithm's test suites: Shanghai, 31.1774276 N 121.5272106 E.
TEST(Gcj02, APublishedPairComesOutToTheMetre) {
  auto const shifted = gcj02_from_wgs84({121.5272106, 31.1774276});
  EXPECT_NEAR(shifted.lat, 31.17530398364597, 1e-7);
  EXPECT_NEAR(shifted.lon, 121.531541859215, 1e-7);
}

TEST(Gcj02, OutsideTheShiftedAreaNothingMoves) {
  for (auto const& p : {LonLat{0, 0}, LonLat{-122.4, 37.7}, LonLat{139.7, 35.7}}) {
    EXPECT_EQ(wgs84_from_gcj02(p).lon, p.lon);
    EXPECT_EQ(wgs84_from_gcj02(p).lat, p.lat);
  }
}

}  // namespace
}  // namespace wangge::core
