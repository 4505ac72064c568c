// The shift of GCJ-02 as published in the open-source eviltransform and coordTransform projects (Krasovsky 1940
// ellipsoid); there is no official text. CGCS2000 and WGS-84 differ by centimetres and are taken as one.
#include "gateways/patrol/gcj02.hpp"

#include <cmath>
#include <numbers>

namespace wangge::patrol {
namespace {

constexpr double kAxis = 6378245.0;                    // Krasovsky semi-major axis, metres
constexpr double kEccentricity = 0.00669342162296594323;  // squared

double waves(double v, double a, double b) {
  using std::numbers::pi;
  return (a * std::sin(v * pi) + b * std::sin(v / 3.0 * pi)) * 2.0 / 3.0;
}

LonLat shift(LonLat p) {
  using std::numbers::pi;
  double const x = p.lon - 105.0, y = p.lat - 35.0;
  double const root = std::sqrt(std::abs(x));
  double const ripple = (20.0 * std::sin(6.0 * x * pi) + 20.0 * std::sin(2.0 * x * pi)) * 2.0 / 3.0;
  double const north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple +
                       waves(y, 20.0, 40.0) + (160.0 * std::sin(y / 12.0 * pi) + 320.0 * std::sin(y * pi / 30.0)) * 2.0 / 3.0;
  double const east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple + waves(x, 20.0, 40.0) +
                      (150.0 * std::sin(x / 12.0 * pi) + 300.0 * std::sin(x / 30.0 * pi)) * 2.0 / 3.0;
  double const radians = p.lat / 180.0 * pi;
  double const magic = 1.0 - kEccentricity * std::sin(radians) * std::sin(radians);
  double const root_magic = std::sqrt(magic);
  return {east * 180.0 / (kAxis / root_magic * std::cos(radians) * pi),
          north * 180.0 / (kAxis * (1.0 - kEccentricity) / (magic * root_magic) * pi)};
}

}  // namespace

bool shifted_area(LonLat p) { return p.lon > 72.004 && p.lon < 137.8347 && p.lat > 0.8293 && p.lat < 55.8271; }

LonLat gcj02_from_wgs84(LonLat wgs) {
  if (!shifted_area(wgs)) return wgs;
  auto const d = shift(wgs);
  return {wgs.lon + d.lon, wgs.lat + d.lat};
}

LonLat wgs84_from_gcj02(LonLat gcj) {
  if (!shifted_area(gcj)) return gcj;
  LonLat guess = gcj;
  for (int i = 0; i < 8; ++i) {  // the shift is smooth: each round gains about two digits
    auto const d = shift(guess);
    guess = {gcj.lon - d.lon, gcj.lat - d.lat};
  }
  return guess;
}

}  // namespace wangge::patrol
