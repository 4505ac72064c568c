// GCJ-02 and back; Gauss-Krüger planes; what a system may be called.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

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

// The false easting on the equator is the central meridian; a metre east and north of it goes where the ellipsoid says
// (the same points against PostGIS stand in tests/deploy/city).
TEST(Planes, TheirMiddleIsTheCentralMeridian) {
  auto const crs = crs_from("EPSG:4549");
  ASSERT_TRUE(crs);
  auto const middle = to_cgcs2000(*crs, 500'000, 0);
  EXPECT_NEAR(middle.lon, 120, 1e-12);
  EXPECT_NEAR(middle.lat, 0, 1e-12);
  auto const pole = to_cgcs2000(*crs, 500'000, 10'001'965.729);
  EXPECT_NEAR(pole.lat, 90, 1e-7);
  EXPECT_NEAR(to_cgcs2000(*crs, 500'001, 0).lon - 120, 180 / (std::numbers::pi * 6378137.0), 1e-12);
}

TEST(Planes, ASystemIsKnownBySeveralNames) {
  for (auto const* name : {"", "CGCS2000", "EPSG:4490", "urn:ogc:def:crs:EPSG::4490"}) EXPECT_EQ(crs_from(name)->name, "CGCS2000") << name;
  for (auto const* name : {"WGS84", "wgs-84", "urn:ogc:def:crs:OGC:1.3:CRS84"}) EXPECT_EQ(crs_from(name)->name, "WGS-84") << name;
  EXPECT_EQ(crs_from("gcj02")->name, "GCJ-02");
  EXPECT_EQ(crs_from("EPSG:4527")->plane.false_easting, 39'500'000) << "with the zone before the easting";
  EXPECT_EQ(crs_from("EPSG:4548")->plane.central_meridian, 117);
  for (auto const* name : {"BD-09", "EPSG:32650", "EPSG:", "EPSG:4549x", "?"}) EXPECT_FALSE(crs_from(name)) << name;
}

}  // namespace
}  // namespace wangge::core
