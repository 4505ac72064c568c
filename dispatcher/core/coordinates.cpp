// The shift of GCJ-02 as published in the open-source eviltransform and coordTransform projects (Krasovsky 1940
// ellipsoid); there is no official text. CGCS2000 and WGS-84 differ by centimetres and are taken as one.
#include "dispatcher/core/coordinates.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numbers>

namespace wangge::core {
namespace {

constexpr double kAxis = 6378245.0;                       // Krasovsky semi-major axis, metres
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
                       waves(y, 20.0, 40.0) +
                       (160.0 * std::sin(y / 12.0 * pi) + 320.0 * std::sin(y * pi / 30.0)) * 2.0 / 3.0;
  double const east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple + waves(x, 20.0, 40.0) +
                      (150.0 * std::sin(x / 12.0 * pi) + 300.0 * std::sin(x / 30.0 * pi)) * 2.0 / 3.0;
  double const radians = p.lat / 180.0 * pi;
  double const magic = 1.0 - kEccentricity * std::sin(radians) * std::sin(radians);
  double const root_magic = std::sqrt(magic);
  return {east * 180.0 / (kAxis / root_magic * std::cos(radians) * pi),
          north * 180.0 / (kAxis * (1.0 - kEccentricity) / (magic * root_magic) * pi)};
}

}  // namespace

bool shifted_area(LonLat p) {
  return p.lon > 72.004 && p.lon < 137.8347 && p.lat > 0.8293 && p.lat < 55.8271;
}

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

// ---- planes

// Krüger's series in the third flattening, to the fourth order (Karney 2011): under a millimetre inside any zone.
LonLat from_plane(Plane plane, double easting, double northing) {
  using std::numbers::pi;
  constexpr double a = 6378137.0, f = 1 / 298.257222101;  // GB 22021, CGCS2000
  double const n = f / (2 - f), n2 = n * n, n3 = n2 * n, n4 = n3 * n;
  double const radius = a / (1 + n) * (1 + n2 / 4 + n4 / 64);
  std::array const beta{n / 2 - 2 * n2 / 3 + 37 * n3 / 96 - n4 / 360, n2 / 48 + n3 / 15 - 437 * n4 / 1440,
                        17 * n3 / 480 - 37 * n4 / 840, 4397 * n4 / 161280};
  double const xi = northing / radius, eta = (easting - plane.false_easting) / radius;
  double u = xi, v = eta;
  for (std::size_t j = 1; j <= beta.size(); ++j) {
    double const k = 2.0 * static_cast<double>(j);
    u -= beta[j - 1] * std::sin(k * xi) * std::cosh(k * eta);
    v -= beta[j - 1] * std::cos(k * xi) * std::sinh(k * eta);
  }
  double const lambda = std::atan2(std::sinh(v), std::cos(u));
  double const conformal = std::asin(std::sin(u) / std::cosh(v));
  // The geographic latitude whose conformal latitude that is, by Newton on its isometric form.
  double const e = std::sqrt(f * (2 - f)), target = std::asinh(std::tan(conformal));
  double phi = conformal;
  for (int i = 0; i < 6; ++i) {
    double const q = std::asinh(std::tan(phi)) - e * std::atanh(e * std::sin(phi));
    double const slope = (1 - e * e) / ((1 - e * e * std::sin(phi) * std::sin(phi)) * std::cos(phi));
    phi -= (q - target) / slope;
  }
  return {plane.central_meridian + lambda * 180 / pi, phi * 180 / pi};
}

namespace {

std::optional<Plane> plane_of(int epsg) {
  if (epsg >= 4491 && epsg <= 4501) return Plane{75.0 + 6 * (epsg - 4491), (13.0 + epsg - 4491) * 1e6 + 5e5};
  if (epsg >= 4502 && epsg <= 4512) return Plane{75.0 + 6 * (epsg - 4502), 5e5};
  if (epsg >= 4513 && epsg <= 4533) return Plane{75.0 + 3 * (epsg - 4513), (25.0 + epsg - 4513) * 1e6 + 5e5};
  if (epsg >= 4534 && epsg <= 4554) return Plane{75.0 + 3 * (epsg - 4534), 5e5};
  return std::nullopt;
}

}  // namespace

std::optional<Crs> crs_from(std::string_view text) {
  std::string word;
  for (char const c : text) {
    if (c != '-' && c != ' ' && c != '_') word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (auto const urn = word.rfind("epsg::"); urn != std::string::npos) word = "epsg:" + word.substr(urn + 6);
  if (word.empty() || word == "cgcs2000" || word == "epsg:4490") return Crs{Crs::Kind::geographic, {}, "CGCS2000"};
  if (word == "wgs84" || word == "epsg:4326" || word.ends_with("crs84"))
    return Crs{Crs::Kind::geographic, {}, "WGS-84"};
  if (word == "gcj02") return Crs{Crs::Kind::gcj02, {}, "GCJ-02"};
  if (!word.starts_with("epsg:")) return std::nullopt;
  int epsg = 0;
  auto const [end, error] = std::from_chars(word.data() + 5, word.data() + word.size(), epsg);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  auto const plane = plane_of(epsg);
  if (!plane) return std::nullopt;
  return Crs{Crs::Kind::plane, *plane, "EPSG:" + std::to_string(epsg)};
}

LonLat to_cgcs2000(Crs const& crs, double x, double y) {
  if (crs.kind == Crs::Kind::gcj02) return wgs84_from_gcj02({x, y});
  if (crs.kind == Crs::Kind::plane) return from_plane(crs.plane, x, y);
  return {x, y};
}

}  // namespace wangge::core
